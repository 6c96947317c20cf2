#pragma once
#include <vector>

#include "budget.h"
#include "page_data.h"

namespace backend::pdf {

/// Edges of TableStrategy::text: where words share a left, right or middle (vertical), and above and below
/// each line of words (horizontal).
std::vector<Edge> text_edges(const Page::Data& page, const TableSettings& settings, bool vertical,
                             Budget& budget);

}  // namespace backend::pdf
