#pragma once
#include "interpreter.h"
#include "page_tree.h"

namespace backend::pdf {

/// Reads a page: its boxes, and everything its content paints. What is broken is left out.
/// Throws Error: limit.
std::unique_ptr<const Page::Data> read_page(const PageNode& node, int number, FontCache& fonts,
                                            const Limits& limits);

}  // namespace backend::pdf
