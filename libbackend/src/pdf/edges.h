#pragma once
#include <vector>

#include "budget.h"
#include "page_data.h"

namespace backend::pdf {

/// Sides of the page's lines, then rectangles, then curves.
std::vector<Edge> edges_of(const Page::Data& page);

/// Straight edges that settings choose and make from a page, snapped and joined. Those of one orientation are
/// together, sorted by position and start.
struct TableEdges {
  std::vector<Edge> vertical, horizontal;
};

TableEdges table_edges(const Page::Data& page, const TableSettings& settings, Budget& budget);

}  // namespace backend::pdf
