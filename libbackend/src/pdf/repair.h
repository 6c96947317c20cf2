#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace backend::pdf {

/// Versions of a file that QPDF may read where it cannot read the file itself, best first:
/// the file up to the last cross-reference table that it has whole.
std::vector<std::string> repaired_versions(std::string_view file);

/// Whether any line starts with the keyword `trailer`. A file whose cross-reference table had to be rebuilt and that has
/// none says nowhere where its catalog is: pdfminer.six refuses it, whatever a library might guess.
bool has_trailer_line(std::string_view file);

}  // namespace backend::pdf
