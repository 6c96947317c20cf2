#include "text_edges.h"

#include <algorithm>
#include <numeric>

#include "clusters.h"
#include "words.h"

namespace backend::pdf {
namespace {

constexpr double alignment_tolerance = 1;

using Words = std::vector<WordMap::Item>;

Box bounds(const Words& words, std::span<const std::uint32_t> members) {
  Box box = words[members[0]];
  for (const std::uint32_t i : members) {
    box.x0 = std::min(box.x0, words[i].x0);
    box.top = std::min(box.top, words[i].top);
    box.x1 = std::max(box.x1, words[i].x1);
    box.bottom = std::max(box.bottom, words[i].bottom);
  }
  return box;
}

template <class Key>
Groups cluster_words(const Words& words, Key key) {
  std::vector<double> keys;
  for (const WordMap::Item& word : words) keys.push_back(key(word));
  return grouped(cluster(keys, alignment_tolerance));
}

bool overlap(const Box& a, const Box& b) {
  const double width = std::min(a.x1, b.x1) - std::max(a.x0, b.x0);
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return height >= 0 && width >= 0 && height + width > 0;
}

std::vector<Edge> horizontal_edges(const Words& words, std::size_t min_words) {
  Groups lines = cluster_words(words, [](const Box& word) { return word.top; });
  std::vector<Box> boxes;
  for (std::size_t line = 0; line < lines.count(); ++line) {
    if (lines[line].size() >= min_words) boxes.push_back(bounds(words, lines[line]));
  }
  if (boxes.empty()) return {};
  double x0 = boxes[0].x0, x1 = boxes[0].x1;
  for (const Box& box : boxes) {
    x0 = std::min(x0, box.x0);
    x1 = std::max(x1, box.x1);
  }
  std::vector<Edge> out;
  for (const Box& box : boxes) {
    for (const double y : {box.top, box.bottom}) {
      Edge edge;
      static_cast<Box&>(edge) = {x0, y, x1, y};
      edge.width = x1 - x0;
      edge.orientation = Orientation::horizontal;
      out.push_back(edge);
    }
  }
  return out;
}

/// Boxes around words that line up, those of most words first, without any that overlaps an earlier one.
std::vector<Box> columns(const Words& words, std::size_t min_words, Budget& budget) {
  struct Candidate {
    Box box;
    std::size_t words;
  };
  std::vector<Candidate> candidates;
  const auto add = [&](Groups groups) {
    for (std::size_t g = 0; g < groups.count(); ++g) {
      if (groups[g].size() >= min_words) candidates.push_back({bounds(words, groups[g]), groups[g].size()});
    }
  };
  add(cluster_words(words, [](const Box& word) { return word.x0; }));
  add(cluster_words(words, [](const Box& word) { return word.x1; }));
  add(cluster_words(words, [](const Box& word) { return (word.x0 + word.x1) / 2; }));
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.words > b.words; });
  std::vector<Box> out;
  for (const Candidate& candidate : candidates) {
    const auto overlaps = [&](const Box& box) {
      budget.check_time();
      return overlap(candidate.box, box);
    };
    if (std::none_of(out.begin(), out.end(), overlaps)) out.push_back(candidate.box);
  }
  std::stable_sort(out.begin(), out.end(), [](const Box& a, const Box& b) { return a.x0 < b.x0; });
  return out;
}

std::vector<Edge> vertical_edges(const Words& words, std::size_t min_words, Budget& budget) {
  const std::vector<Box> boxes = columns(words, min_words, budget);
  if (boxes.empty()) return {};
  Box all = boxes[0];
  for (const Box& box : boxes) {
    all.x1 = std::max(all.x1, box.x1);
    all.top = std::min(all.top, box.top);
    all.bottom = std::max(all.bottom, box.bottom);
  }
  std::vector<Edge> out;
  const auto add = [&](double x) {
    Edge edge;
    static_cast<Box&>(edge) = {x, all.top, x, all.bottom};
    edge.height = all.bottom - all.top;
    edge.orientation = Orientation::vertical;
    out.push_back(edge);
  };
  for (const Box& box : boxes) add(box.x0);
  add(all.x1);
  return out;
}

}  // namespace

std::vector<Edge> text_edges(const Page::Data& page, const TableSettings& settings, bool vertical,
                             Budget& budget) {
  std::vector<std::uint32_t> every(page.chars.size());
  std::iota(every.begin(), every.end(), 0u);
  const WordMap map = find_words(page.chars, every, settings.text, budget);
  return vertical ? vertical_edges(map.words, std::max<std::size_t>(settings.min_words_vertical, 1), budget)
                  : horizontal_edges(map.words, std::max<std::size_t>(settings.min_words_horizontal, 1));
}

}  // namespace backend::pdf
