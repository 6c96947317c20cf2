#include "crossings.h"

#include <algorithm>
#include <numeric>

namespace backend::pdf {
namespace {

/// Numbers of edges; those of the same place have the same number.
std::vector<std::uint32_t> numbers_of(const std::vector<Edge>& edges) {
  std::vector<std::uint32_t> order(edges.size()), out(edges.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto key = [&](std::uint32_t i) {
    return std::tuple(edges[i].x0, edges[i].top, edges[i].x1, edges[i].bottom);
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  for (std::size_t i = 0; i < order.size(); ++i) {
    out[order[i]] = i > 0 && key(order[i]) == key(order[i - 1]) ? out[order[i - 1]] : order[i];
  }
  return out;
}

bool share(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    if (a[i] == b[k]) return true;
    a[i] < b[k] ? ++i : ++k;
  }
  return false;
}

/// Sorted ranks of values, equal for equal values, and where each rank starts.
std::vector<std::uint32_t> starts_of(const std::vector<std::uint32_t>& ranks) {
  std::vector<std::uint32_t> starts;
  for (std::uint32_t i = 0; i < ranks.size(); ++i) {
    if (i == 0 || ranks[i] != ranks[i - 1]) starts.push_back(i);
  }
  starts.push_back(static_cast<std::uint32_t>(ranks.size()));
  return starts;
}

}  // namespace

Crossings::Crossings(const TableEdges& edges, const TableSettings& settings, Budget& budget) {
  add_crossings(find_meetings(edges, settings, budget));
  index();
}

std::vector<Crossings::Meeting> Crossings::find_meetings(const TableEdges& edges,
                                                         const TableSettings& settings,
                                                         Budget& budget) const {
  const double x_tolerance = settings.intersection_x_tolerance,
               y_tolerance = settings.intersection_y_tolerance;
  const auto vertical_numbers = numbers_of(edges.vertical), horizontal_numbers = numbers_of(edges.horizontal);
  std::vector<Meeting> out;
  for (std::size_t i = 0; i < edges.vertical.size(); ++i) {
    const Edge& v = edges.vertical[i];
    // Horizontal edges are sorted by y: only those of the vertical one's reach are looked at.
    const auto first = std::partition_point(edges.horizontal.begin(), edges.horizontal.end(),
                                            [&](const Edge& h) { return h.top + y_tolerance < v.top; });
    for (auto h = first; h != edges.horizontal.end() && v.bottom >= h->top - y_tolerance; ++h) {
      budget.check_time();
      if (v.x0 < h->x0 - x_tolerance || v.x0 > h->x1 + x_tolerance) continue;
      budget.count_table_point();
      const auto k = static_cast<std::size_t>(h - edges.horizontal.begin());
      out.push_back({v.x0, h->top, vertical_numbers[i], horizontal_numbers[k]});
    }
  }
  std::sort(out.begin(), out.end(), [](const Meeting& a, const Meeting& b) {
    return std::tie(a.x, a.y, a.vertical, a.horizontal) < std::tie(b.x, b.y, b.vertical, b.horizontal);
  });
  return out;
}

void Crossings::add_crossings(const std::vector<Meeting>& meetings) {
  const auto add_ids = [&](std::vector<std::uint32_t> ids, std::uint32_t& first, std::uint32_t& count) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    first = static_cast<std::uint32_t>(edge_ids_.size());
    count = static_cast<std::uint32_t>(ids.size());
    edge_ids_.insert(edge_ids_.end(), ids.begin(), ids.end());
  };
  for (std::size_t first = 0; first < meetings.size();) {
    Crossing crossing;
    crossing.x = meetings[first].x;
    crossing.y = meetings[first].y;
    std::vector<std::uint32_t> vertical, horizontal;
    std::size_t end = first;
    for (; end < meetings.size() && meetings[end].x == crossing.x && meetings[end].y == crossing.y; ++end) {
      vertical.push_back(meetings[end].vertical);
      horizontal.push_back(meetings[end].horizontal);
    }
    add_ids(std::move(vertical), crossing.first_vertical, crossing.vertical_count);
    add_ids(std::move(horizontal), crossing.first_horizontal, crossing.horizontal_count);
    crossings_.push_back(crossing);
    first = end;
  }
}

/// Ranks rows and columns, so that neighbours and corners are found without searching all crossings.
void Crossings::index() {
  const auto count = static_cast<std::uint32_t>(crossings_.size());
  std::vector<std::uint32_t> ranks(count);
  std::uint32_t rank = 0;
  by_column_.resize(count);
  std::iota(by_column_.begin(), by_column_.end(), 0u);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0 && crossings_[i].x != crossings_[i - 1].x) ++rank;
    ranks[i] = crossings_[i].column = rank;
  }
  column_starts_ = starts_of(ranks);

  by_row_ = by_column_;
  std::stable_sort(by_row_.begin(), by_row_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return crossings_[a].y < crossings_[b].y; });
  place_in_row_.resize(count);
  rank = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0 && crossings_[by_row_[i]].y != crossings_[by_row_[i - 1]].y) ++rank;
    ranks[i] = crossings_[by_row_[i]].row = rank;
    place_in_row_[by_row_[i]] = i;
  }
  row_starts_ = starts_of(ranks);
}

std::span<const std::uint32_t> Crossings::below(std::uint32_t crossing) const {
  const std::uint32_t end = column_starts_[crossings_[crossing].column + 1];
  return std::span(by_column_).subspan(crossing + 1, end - crossing - 1);
}

std::span<const std::uint32_t> Crossings::right_of(std::uint32_t crossing) const {
  const std::uint32_t place = place_in_row_[crossing], end = row_starts_[crossings_[crossing].row + 1];
  return std::span(by_row_).subspan(place + 1, end - place - 1);
}

std::optional<std::uint32_t> Crossings::at(std::uint32_t column, std::uint32_t row) const {
  const auto first = crossings_.begin() + column_starts_[column],
             last = crossings_.begin() + column_starts_[column + 1];
  const auto found = std::lower_bound(
      first, last, row, [](const Crossing& crossing, std::uint32_t r) { return crossing.row < r; });
  if (found == last || found->row != row) return std::nullopt;
  return static_cast<std::uint32_t>(found - crossings_.begin());
}

bool Crossings::connected_down(std::uint32_t a, std::uint32_t b) const {
  const std::span<const std::uint32_t> ids(edge_ids_);
  return share(ids.subspan(crossings_[a].first_vertical, crossings_[a].vertical_count),
               ids.subspan(crossings_[b].first_vertical, crossings_[b].vertical_count));
}

bool Crossings::connected_across(std::uint32_t a, std::uint32_t b) const {
  const std::span<const std::uint32_t> ids(edge_ids_);
  return share(ids.subspan(crossings_[a].first_horizontal, crossings_[a].horizontal_count),
               ids.subspan(crossings_[b].first_horizontal, crossings_[b].horizontal_count));
}

}  // namespace backend::pdf
