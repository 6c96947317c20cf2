#pragma once
#include <backend/documents.h>

#include <string_view>
#include <vector>

namespace backend::services {

/// Where `term` begins in `text`, overlapping occurrences included, ascending; stops after `most` + 1 of them.
std::vector<std::size_t> occurrences(std::u32string_view text, std::u32string_view term, std::size_t most);

/// How many of these occurrences a left-to-right count without overlap takes.
std::size_t count_apart(const std::vector<std::size_t>& positions, std::size_t length);

/// The FastAPI backend's search of one page. Throws Error limit beyond `most` occurrences.
PageMatches matches_of(int page, std::string_view text, std::string_view term, std::size_t most);

/// Occurrences on one page, that do not overlap, with boxes made of those of the words they touch. A match of which no word
/// is known is left out. Throws Error limit beyond `most` occurrences.
std::vector<SearchHit> hits_of(const PdfPageReport& page, std::string_view term, bool match_case, std::size_t most);

}  // namespace backend::services
