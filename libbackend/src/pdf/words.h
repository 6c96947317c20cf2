#pragma once
#include <backend/pdf.h>

#include <span>
#include <vector>

#include "budget.h"

namespace backend::pdf {

/// Words as runs of characters: their characters are chars[first] to chars[first + count].
struct WordMap {
  struct Item : Box {
    bool upright = true;
    std::uint32_t first = 0, count = 0;
  };
  std::vector<std::uint32_t> chars;  ///< indices
  std::vector<Item> words;
};

/// Finds words among the characters with the given indices.
WordMap find_words(const std::vector<Char>& all, std::span<const std::uint32_t> subset,
                   const WordOptions& options, Budget& budget);

std::string word_text(const std::vector<Char>& all, const WordMap& map, const WordMap::Item& word,
                      bool expand_ligatures);

/// The text of a page: a word starts a new line unless its top is of the same cluster as that of the word
/// before.
std::string page_text(const std::vector<Char>& all, const WordMap& map, const WordOptions& options);

/// The text of a part of a page: words of all lines of a cluster of tops are one line.
std::string part_text(const std::vector<Char>& all, const WordMap& map, const WordOptions& options);

/// Throws Error: invalid for a tolerance that is negative or no number.
void check(const WordOptions& options);

}  // namespace backend::pdf
