#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "edges.h"

namespace backend::pdf {

/// A crossing of edges.
struct Crossing {
  double x = 0, y = 0;
  std::uint32_t column = 0, row = 0;  ///< ranks of x and y among all crossings
  std::uint32_t first_vertical = 0, vertical_count = 0;
  std::uint32_t first_horizontal = 0, horizontal_count = 0;
};

/// Where vertical and horizontal edges meet within the tolerances, sorted by x, then y, and which edges
/// connect them.
class Crossings {
 public:
  Crossings(const TableEdges& edges, const TableSettings& settings, Budget& budget);

  const std::vector<Crossing>& all() const { return crossings_; }

  /// Crossings of the same x, downwards from but without this one.
  std::span<const std::uint32_t> below(std::uint32_t crossing) const;
  /// Crossings of the same y, to the right of this one.
  std::span<const std::uint32_t> right_of(std::uint32_t crossing) const;
  std::optional<std::uint32_t> at(std::uint32_t column, std::uint32_t row) const;

  /// True if one vertical edge touches both.
  bool connected_down(std::uint32_t a, std::uint32_t b) const;
  /// True if one horizontal edge touches both.
  bool connected_across(std::uint32_t a, std::uint32_t b) const;

 private:
  struct Meeting {
    double x, y;
    std::uint32_t vertical, horizontal;
  };
  std::vector<Meeting> find_meetings(const TableEdges& edges, const TableSettings& settings,
                                     Budget& budget) const;
  void add_crossings(const std::vector<Meeting>& meetings);
  void index();

  std::vector<Crossing> crossings_;
  std::vector<std::uint32_t> edge_ids_;            ///< sorted runs, see Crossing
  std::vector<std::uint32_t> by_column_, by_row_;  ///< crossings
  std::vector<std::uint32_t> column_starts_, row_starts_;
  std::vector<std::uint32_t> place_in_row_;  ///< of each crossing, in by_row_
};

}  // namespace backend::pdf
