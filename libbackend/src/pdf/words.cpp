#include "words.h"

#include <cmath>

#include "clusters.h"
#include "unicode.h"

namespace backend::pdf {
namespace {

/// Reads along x for upright characters and downwards for the others.
enum class Direction { right, down };

class WordFinder {
 public:
  WordFinder(const std::vector<Char>& all, const WordOptions& options, Budget& budget)
      : all_(all), options_(options), budget_(budget) {}

  WordMap run(std::span<const std::uint32_t> subset) {
    map_.chars.reserve(subset.size());
    // Upright and other characters are never together in a word, nor are runs of them in one line.
    for (std::size_t first = 0; first < subset.size();) {
      std::size_t end = first + 1;
      while (end < subset.size() && all_[subset[end]].upright == all_[subset[first]].upright) ++end;
      add_run(subset.subspan(first, end - first));
      first = end;
    }
    return std::move(map_);
  }

 private:
  void add_run(std::span<const std::uint32_t> run) {
    if (options_.use_text_flow) return add_line(run, Direction::right);
    const bool upright = all_[run[0]].upright;
    std::vector<double> keys;
    keys.reserve(run.size());
    for (const std::uint32_t i : run) keys.push_back(upright ? all_[i].top : all_[i].x0);
    Groups lines = grouped(cluster(keys, upright ? options_.y_tolerance : options_.x_tolerance));
    for (std::size_t line = 0; line < lines.count(); ++line) {
      const auto members = lines[line];
      for (std::uint32_t& member : members) member = run[member];
      sort_line(members, upright);
      add_line(members, upright ? Direction::right : Direction::down);
    }
  }

  void sort_line(std::span<std::uint32_t> line, bool upright) {
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
      const Char &p = all_[a], &q = all_[b];
      if (upright) return p.x0 < q.x0;
      return p.top != q.top ? p.top < q.top : p.bottom < q.bottom;
    };
    if (!std::is_sorted(line.begin(), line.end(), before)) std::stable_sort(line.begin(), line.end(), before);
  }

  void add_line(std::span<const std::uint32_t> line, Direction direction) {
    for (const std::uint32_t index : line) {
      budget_.check_time();
      const Char& c = all_[index];
      if (!options_.keep_blank_chars && is_blank(c.text)) {
        finish_word();
      } else if (stands_alone(c.text)) {
        finish_word();
        map_.chars.push_back(index);
        finish_word();
      } else {
        if (map_.chars.size() > start_ && begins_word(all_[map_.chars.back()], c, direction)) finish_word();
        map_.chars.push_back(index);
      }
    }
    finish_word();
  }

  static bool is_blank(std::string_view text) {
    if (text.size() == 1)
      return text[0] == ' ' || (text[0] >= 9 && text[0] <= 13) || (text[0] >= 28 && text[0] < 32);
    return is_space(text);
  }

  /// A character without text stands alone too, as it is part of any string.
  bool stands_alone(std::string_view text) const {
    return text.empty() || (!options_.split_at_punctuation.empty() &&
                            options_.split_at_punctuation.find(text) != std::string::npos);
  }

  bool begins_word(const Char& before, const Char& c, Direction direction) const {
    const double x =
        options_.x_tolerance_ratio ? *options_.x_tolerance_ratio * before.size : options_.x_tolerance;
    const double y =
        options_.y_tolerance_ratio ? *options_.y_tolerance_ratio * before.size : options_.y_tolerance;
    if (direction == Direction::right) {
      return c.x0 < before.x0 || c.x0 > before.x1 + x || std::abs(c.top - before.top) > y;
    }
    return c.top < before.top || c.top > before.bottom + y || std::abs(c.x0 - before.x0) > x;
  }

  void finish_word() {
    if (map_.chars.size() == start_) return;
    WordMap::Item word;
    const Char& first = all_[map_.chars[start_]];
    static_cast<Box&>(word) = first;
    word.upright = first.upright;
    word.first = static_cast<std::uint32_t>(start_);
    word.count = static_cast<std::uint32_t>(map_.chars.size() - start_);
    for (std::size_t i = start_; i < map_.chars.size(); ++i) {
      const Char& c = all_[map_.chars[i]];
      word.x0 = std::min(word.x0, c.x0);
      word.top = std::min(word.top, c.top);
      word.x1 = std::max(word.x1, c.x1);
      word.bottom = std::max(word.bottom, c.bottom);
    }
    map_.words.push_back(word);
    start_ = map_.chars.size();
  }

  const std::vector<Char>& all_;
  const WordOptions& options_;
  Budget& budget_;
  WordMap map_;
  std::size_t start_ = 0;  ///< of the word at hand, in map_.chars
};

/// U+FB00 to U+FB06, which share two bytes of UTF-8.
std::string_view without_ligature(std::string_view text) {
  constexpr std::string_view letters[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
  if (text.size() != 3 || !text.starts_with("\xEF\xAC")) return text;
  const auto last = static_cast<unsigned char>(text[2]);
  return last >= 0x80 && last <= 0x86 ? letters[last - 0x80] : text;
}

void append_word(std::string& out, const std::vector<Char>& all, const WordMap& map,
                 const WordMap::Item& word, bool expand_ligatures) {
  for (std::size_t i = word.first; i < word.first + std::size_t{word.count}; ++i) {
    const std::string_view text = all[map.chars[i]].text;
    out += expand_ligatures ? without_ligature(text) : text;
  }
}

Clusters lines_of(const WordMap& map, double tolerance) {
  std::vector<double> tops;
  tops.reserve(map.words.size());
  for (const WordMap::Item& word : map.words) tops.push_back(word.top);
  return cluster(tops, tolerance);
}

}  // namespace

WordMap find_words(const std::vector<Char>& all, std::span<const std::uint32_t> subset,
                   const WordOptions& options, Budget& budget) {
  return WordFinder(all, options, budget).run(subset);
}

std::string word_text(const std::vector<Char>& all, const WordMap& map, const WordMap::Item& word,
                      bool expand_ligatures) {
  std::string out;
  append_word(out, all, map, word, expand_ligatures);
  return out;
}

std::string page_text(const std::vector<Char>& all, const WordMap& map, const WordOptions& options) {
  const Clusters lines = lines_of(map, options.y_tolerance);
  std::string out;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < map.words.size(); ++i) {
    if (i > 0 && lines.ids[i] != lines.ids[i - 1]) {
      out += '\n';
      line_start = out.size();
    }
    if (out.size() > line_start) out += ' ';
    append_word(out, all, map, map.words[i], options.expand_ligatures);
  }
  return out;
}

std::string part_text(const std::vector<Char>& all, const WordMap& map, const WordOptions& options) {
  Groups lines = grouped(lines_of(map, options.y_tolerance));
  std::string out;
  for (std::size_t line = 0; line < lines.count(); ++line) {
    if (line > 0) out += '\n';
    const auto words = lines[line];
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i > 0) out += ' ';
      append_word(out, all, map, map.words[words[i]], options.expand_ligatures);
    }
  }
  return out;
}

void check(const WordOptions& options) {
  const auto require = [](double value, const char* field) {
    if (!(value >= 0) || !std::isfinite(value))
      throw Error(ErrorCode::invalid, std::string(field) + " must be a number from 0", field);
  };
  require(options.x_tolerance, "x_tolerance");
  require(options.y_tolerance, "y_tolerance");
  require(options.x_tolerance_ratio.value_or(0), "x_tolerance_ratio");
  require(options.y_tolerance_ratio.value_or(0), "y_tolerance_ratio");
}

}  // namespace backend::pdf
