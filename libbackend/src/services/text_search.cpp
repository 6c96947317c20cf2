#include "services/text_search.h"

#include <backend/error.h>

#include "support/utf8.h"

#include <algorithm>
#include <optional>
#include <string>

namespace backend::services {
namespace {

constexpr std::size_t context_length = 100;  // the FastAPI backend's
constexpr std::size_t snippet_length = 40;
constexpr std::size_t word_gap = 200;  // how far the text and the list of words may drift apart

[[noreturn]] void refuse_many() { throw Error(ErrorCode::limit, "More matches than SEARCH_MAX_MATCHES"); }

// Python's text[from:to] for indices that are not negative.
std::u32string_view slice(std::u32string_view text, std::size_t from, std::size_t to) {
  to = std::min(to, text.size());
  return from >= to ? std::u32string_view() : text.substr(from, to - from);
}

std::size_t minus(std::size_t a, std::size_t b) { return a > b ? a - b : 0; }

/// A page's text as it is searched. Only U+0130 gets longer in lower case, so an index is one lookup away.
struct Searched {
  std::u32string text;
  std::vector<std::size_t> expanded;  ///< positions of the second half of each lower-case U+0130

  std::size_t original(std::size_t position) const {
    const auto before = std::upper_bound(expanded.begin(), expanded.end(), position) - expanded.begin();
    return position - static_cast<std::size_t>(before);
  }
};

Searched searched(std::u32string_view text, bool match_case) {
  if (match_case) return {std::u32string(text), {}};
  Searched out{support::lower(text), {}};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == 0x130) out.expanded.push_back(i + out.expanded.size() + 1);
  return out;
}

/// A word and the part of the page's text that it is.
struct PlacedWord {
  const PdfWord* word;
  std::size_t begin, end;
};

// Words come in the order of the text; between them the text has blanks only, or the layout differs a little.
std::vector<PlacedWord> placed(const std::vector<PdfWord>& words, std::u32string_view text) {
  std::vector<PlacedWord> out;
  std::size_t at = 0;
  for (const auto& word : words) {
    const auto letters = support::to_utf32(word.text);
    if (letters.empty()) continue;
    const auto found = text.substr(0, std::min(text.size(), at + word_gap + letters.size())).find(letters, at);
    if (found == text.npos) continue;
    at = found + letters.size();
    out.push_back({&word, found, at});
  }
  return out;
}

void extend(std::optional<SearchHit>& hit, double x0, double x1, const PdfWord& word) {
  if (!hit) {
    hit.emplace();
    hit->x0 = x0, hit->x1 = x1, hit->top = word.top, hit->bottom = word.bottom;
    return;
  }
  hit->x0 = std::min(hit->x0, x0), hit->x1 = std::max(hit->x1, x1);
  hit->top = std::min(hit->top, word.top), hit->bottom = std::max(hit->bottom, word.bottom);
}

// The union of the touched words' boxes; of a word that is touched in part, the part, as if its letters were of one width.
std::optional<SearchHit> box_of(const std::vector<PlacedWord>& words, std::size_t begin, std::size_t end) {
  std::optional<SearchHit> hit;
  auto word = std::partition_point(words.begin(), words.end(), [&](const PlacedWord& w) { return w.end <= begin; });
  for (; word != words.end() && word->begin < end; ++word) {
    const double letters = static_cast<double>(word->end - word->begin), width = word->word->x1 - word->word->x0;
    const auto first = static_cast<double>(minus(begin, word->begin));
    const auto last = static_cast<double>(std::min(end, word->end) - word->begin);
    extend(hit, word->word->x0 + width * first / letters, word->word->x0 + width * last / letters, *word->word);
  }
  return hit;
}

}  // namespace

// Knuth, Morris and Pratt: linear whatever the two are.
std::vector<std::size_t> occurrences(std::u32string_view text, std::u32string_view term, std::size_t most) {
  std::vector<std::size_t> positions;
  if (term.empty() || term.size() > text.size()) return positions;
  std::vector<std::size_t> border(term.size(), 0);
  for (std::size_t i = 1, k = 0; i < term.size(); ++i) {
    while (k > 0 && term[i] != term[k]) k = border[k - 1];
    if (term[i] == term[k]) ++k;
    border[i] = k;
  }
  for (std::size_t i = 0, k = 0; i < text.size() && positions.size() <= most; ++i) {
    while (k > 0 && text[i] != term[k]) k = border[k - 1];
    if (text[i] == term[k]) ++k;
    if (k < term.size()) continue;
    positions.push_back(i + 1 - k);
    k = border[k - 1];
  }
  return positions;
}

std::size_t count_apart(const std::vector<std::size_t>& positions, std::size_t length) {
  std::size_t count = 0, free_from = 0;
  for (const auto position : positions)
    if (position >= free_from) {
      ++count;
      free_from = position + length;
    }
  return count;
}

PageMatches matches_of(int page, std::string_view page_text, std::string_view page_term, std::size_t most) {
  const auto text = support::to_utf32(page_text), term = support::to_utf32(page_term);
  const auto low_term = support::lower(term);
  const auto positions = occurrences(support::lower(text), low_term, most);
  if (positions.size() > most) refuse_many();
  PageMatches found{page, count_apart(positions, low_term.size()), {}};
  for (const auto at : positions) {
    const auto from = minus(at, context_length), end = at + term.size(), to = end + context_length;
    const std::u32string_view whole(text);
    found.context.push_back({at, support::to_utf8(slice(whole, from, to)), support::to_utf8(slice(whole, from, at)),
                             support::to_utf8(slice(whole, at, end)), support::to_utf8(slice(whole, end, to))});
  }
  return found;
}

std::vector<SearchHit> hits_of(const PdfPageReport& page, std::string_view term_text, bool match_case, std::size_t most) {
  const auto text = support::to_utf32(page.text);
  const auto haystack = searched(text, match_case), term = searched(support::to_utf32(term_text), match_case);
  const auto positions = occurrences(haystack.text, term.text, most);
  if (positions.size() > most) refuse_many();
  if (positions.empty()) return {};
  const auto words = placed(page.words, text);
  std::vector<SearchHit> hits;
  std::size_t free_from = 0;
  for (const auto at : positions) {
    if (at < free_from) continue;
    free_from = at + term.text.size();
    const auto begin = haystack.original(at), end = haystack.original(free_from);
    auto hit = box_of(words, begin, end);
    if (!hit) continue;
    hit->page = page.number;
    hit->position = begin;
    hit->match = support::to_utf8(slice(text, begin, end));
    hit->snippet = support::to_utf8(slice(text, minus(begin, snippet_length), end + snippet_length));
    hits.push_back(std::move(*hit));
  }
  return hits;
}

}  // namespace backend::services
