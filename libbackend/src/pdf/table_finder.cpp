#include "table_finder.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "crossings.h"
#include "words.h"

namespace backend::pdf {
namespace {

/// A cell by the crossings of its corners.
struct Cell {
  Box box;
  std::uint32_t corners[4];
};

/// The smallest rectangle right of and below a crossing whose sides are edges.
std::optional<Cell> cell_at(const Crossings& crossings, std::uint32_t top_left, Budget& budget) {
  const auto& all = crossings.all();
  for (const std::uint32_t bottom_left : crossings.below(top_left)) {
    budget.check_time();
    if (!crossings.connected_down(top_left, bottom_left)) continue;
    for (const std::uint32_t top_right : crossings.right_of(top_left)) {
      budget.check_time();
      if (!crossings.connected_across(top_left, top_right)) continue;
      const auto bottom_right = crossings.at(all[top_right].column, all[bottom_left].row);
      if (!bottom_right || !crossings.connected_down(top_right, *bottom_right) ||
          !crossings.connected_across(bottom_left, *bottom_right)) {
        continue;
      }
      return Cell{{all[top_left].x, all[top_left].y, all[top_right].x, all[bottom_left].y},
                  {top_left, bottom_left, top_right, *bottom_right}};
    }
  }
  return std::nullopt;
}

/// Cells that share a corner are of one table, and so on.
class Components {
 public:
  explicit Components(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), 0u);
  }

  std::uint32_t find(std::uint32_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) { parents_[find(a)] = find(b); }

 private:
  std::vector<std::uint32_t> parents_;
};

std::vector<std::vector<Box>> groups_of(const std::vector<Cell>& cells, std::size_t crossings) {
  Components components(crossings);
  for (const Cell& cell : cells) {
    for (const std::uint32_t corner : cell.corners) components.join(cell.corners[0], corner);
  }
  std::map<std::uint32_t, std::vector<Box>> groups;
  for (const Cell& cell : cells) groups[components.find(cell.corners[0])].push_back(cell.box);
  std::vector<std::vector<Box>> out;
  for (auto& [root, group] : groups) {
    if (group.size() > 1) out.push_back(std::move(group));
  }
  return out;
}

bool above(const Box& a, const Box& b) { return a.top != b.top ? a.top < b.top : a.x0 < b.x0; }

void extend(Box& box, const Box& by) {
  box.x0 = std::min(box.x0, by.x0);
  box.top = std::min(box.top, by.top);
  box.x1 = std::max(box.x1, by.x1);
  box.bottom = std::max(box.bottom, by.bottom);
}

/// A row for each top of a cell and a column for each left side. `cells` are sorted by above().
Table table_of(const std::vector<Box>& cells, Budget& budget) {
  std::vector<double> lefts;
  for (const Box& cell : cells) lefts.push_back(cell.x0);
  std::sort(lefts.begin(), lefts.end());
  lefts.erase(std::unique(lefts.begin(), lefts.end()), lefts.end());

  Table table;
  table.bbox = cells[0];
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i == 0 || cells[i].top != cells[i - 1].top) {
      for (std::size_t k = 0; k < lefts.size(); ++k) budget.count_table_point();
      table.rows.push_back({cells[i], std::vector<std::optional<Box>>(lefts.size())});
    }
    TableRow& row = table.rows.back();
    const auto column = std::lower_bound(lefts.begin(), lefts.end(), cells[i].x0) - lefts.begin();
    row.cells[static_cast<std::size_t>(column)] = cells[i];
    extend(row.bbox, cells[i]);
    extend(table.bbox, cells[i]);
  }
  return table;
}

/// Characters with their middles, sorted by the middles' y, so that a row sees only its own.
class CharsByHeight {
 public:
  explicit CharsByHeight(const std::vector<Char>& chars) {
    items_.reserve(chars.size());
    for (std::uint32_t i = 0; i < chars.size(); ++i) {
      items_.push_back({(chars[i].x0 + chars[i].x1) / 2, (chars[i].top + chars[i].bottom) / 2, i});
    }
    std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.y < b.y; });
  }

  /// Indices of the characters in each cell of a row, in their own order.
  std::vector<std::vector<std::uint32_t>> of_row(const TableRow& row, Budget& budget) const {
    std::vector<std::vector<std::uint32_t>> out(row.cells.size());
    std::vector<std::size_t> filled;
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
      if (row.cells[column]) filled.push_back(column);
    }
    auto item =
        std::partition_point(items_.begin(), items_.end(), [&](const Item& i) { return i.y < row.bbox.top; });
    for (; item != items_.end() && item->y < row.bbox.bottom; ++item) {
      // Cells of a row start at different x but may reach over their neighbours.
      for (const std::size_t column : filled) {
        budget.check_time();
        if (row.cells[column]->x0 > item->x) break;
        if (contains(*row.cells[column], *item)) out[column].push_back(item->index);
      }
    }
    for (auto& cell : out) std::sort(cell.begin(), cell.end());
    return out;
  }

 private:
  struct Item {
    double x, y;
    std::uint32_t index;
  };
  static bool contains(const Box& box, const Item& item) {
    return item.x >= box.x0 && item.x < box.x1 && item.y >= box.top && item.y < box.bottom;
  }
  std::vector<Item> items_;
};

}  // namespace

std::vector<Table> tables_between(const TableEdges& edges, const TableSettings& settings, Budget& budget) {
  const Crossings crossings(edges, settings, budget);
  std::vector<Cell> cells;
  for (std::uint32_t i = 0; i < crossings.all().size(); ++i) {
    if (const auto cell = cell_at(crossings, i, budget)) cells.push_back(*cell);
  }
  auto groups = groups_of(cells, crossings.all().size());
  for (auto& group : groups) std::sort(group.begin(), group.end(), above);
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return above(a[0], b[0]); });
  std::vector<Table> out;
  for (const auto& group : groups) out.push_back(table_of(group, budget));
  return out;
}

std::vector<TableText> table_texts(const Page::Data& page, std::span<const Table> tables,
                                   const WordOptions& options, Budget& budget) {
  std::vector<TableText> out;
  if (tables.empty()) return out;
  const CharsByHeight chars(page.chars);
  for (const Table& table : tables) {
    TableText& rows = out.emplace_back();
    for (const TableRow& row : table.rows) {
      const auto by_cell = chars.of_row(row, budget);
      auto& texts = rows.emplace_back(row.cells.size());
      for (std::size_t column = 0; column < row.cells.size(); ++column) {
        if (!row.cells[column]) continue;
        const WordMap words = find_words(page.chars, by_cell[column], options, budget);
        texts[column] = part_text(page.chars, words, options);
      }
    }
  }
  return out;
}

void check(const TableSettings& s) {
  const auto require = [](bool ok, const char* field, const char* rule) {
    if (!ok) throw Error(ErrorCode::invalid, std::string(field) + " " + rule, field);
  };
  const std::pair<double, const char*> not_negative[] = {
      {s.snap_x_tolerance, "snap_x_tolerance"},
      {s.snap_y_tolerance, "snap_y_tolerance"},
      {s.join_x_tolerance, "join_x_tolerance"},
      {s.join_y_tolerance, "join_y_tolerance"},
      {s.edge_min_length, "edge_min_length"},
      {s.edge_min_length_prefilter, "edge_min_length_prefilter"},
      {s.intersection_x_tolerance, "intersection_x_tolerance"},
      {s.intersection_y_tolerance, "intersection_y_tolerance"},
  };
  for (const auto& [value, field] : not_negative)
    require(value >= 0 && std::isfinite(value), field, "must be a number from 0");
  const auto require_lines = [&](TableStrategy strategy, const std::vector<double>& lines,
                                 const char* field) {
    require(strategy != TableStrategy::explicit_lines || lines.size() >= 2, field, "needs two or more lines");
    for (const double line : lines) require(std::isfinite(line), field, "must be numbers");
  };
  require_lines(s.vertical_strategy, s.explicit_vertical_lines, "explicit_vertical_lines");
  require_lines(s.horizontal_strategy, s.explicit_horizontal_lines, "explicit_horizontal_lines");
  check(s.text);
}

}  // namespace backend::pdf
