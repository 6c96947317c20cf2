#pragma once
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace backend::pdf {

/// Items in groups: those of group g are items[starts[g]] to items[starts[g + 1]].
struct Groups {
  std::vector<std::uint32_t> items, starts;

  std::size_t count() const { return starts.size() - 1; }
  std::span<std::uint32_t> operator[](std::size_t g) {
    return std::span(items).subspan(starts[g], starts[g + 1] - starts[g]);
  }
};

struct Clusters {
  std::vector<std::uint32_t> ids;  ///< of each key, growing with the key
  std::uint32_t count = 0;
};

/// Puts keys together that are connected by gaps of at most `tolerance`; with tolerance 0 only equal ones.
inline Clusters cluster(const std::vector<double>& keys, double tolerance) {
  std::vector<std::uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
  Clusters out{std::vector<std::uint32_t>(keys.size()), 0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool first = i == 0;
    if (first || keys[order[i]] > keys[order[i - 1]] + tolerance) ++out.count;
    out.ids[order[i]] = out.count - 1;
  }
  return out;
}

/// Positions of the keys by cluster; within a cluster in their own order.
inline Groups grouped(const Clusters& clusters) {
  Groups out;
  out.starts.assign(clusters.count + 1, 0);
  out.items.resize(clusters.ids.size());
  for (const std::uint32_t id : clusters.ids) ++out.starts[id + 1];
  std::partial_sum(out.starts.begin(), out.starts.end(), out.starts.begin());
  std::vector<std::uint32_t> next(out.starts.begin(), out.starts.end() - 1);
  for (std::uint32_t i = 0; i < clusters.ids.size(); ++i) out.items[next[clusters.ids[i]]++] = i;
  return out;
}

}  // namespace backend::pdf
