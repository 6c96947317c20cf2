#pragma once
#include <qpdf/QPDF.hh>
#include <vector>

#include "objects.h"

namespace backend::pdf {

/// A page with the attributes it inherits (ISO 32000-1, 7.7.3.4). Absent ones are null.
struct PageNode {
  Object dict, resources, mediabox, cropbox, rotate;
};

/// The pages in order. QPDF's own walk is not used: it repairs the tree, and refuses some that the oracle
/// reads. Throws Error: limit (max_pages).
std::vector<PageNode> find_pages(QPDF& document, std::size_t max_pages);

}  // namespace backend::pdf
