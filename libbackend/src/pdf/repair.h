#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace backend::pdf {

/// Versions of a file that QPDF may read where it cannot read the file itself, best first:
/// the file up to the last cross-reference table that it has whole, and the file with a trailer for its
/// catalog.
std::vector<std::string> repaired_versions(std::string_view file);

}  // namespace backend::pdf
