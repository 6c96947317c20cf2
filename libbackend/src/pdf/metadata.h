#pragma once
#include <functional>
#include <qpdf/QPDF.hh>
#include <string>
#include <utility>
#include <vector>

namespace backend::pdf {

/// Up to `size` bytes of the file from `offset`.
using ReadFile = std::function<std::string(std::size_t offset, std::size_t size)>;

/// The entries of the document information dictionary in the order of the file, values as JSON texts.
std::vector<std::pair<std::string, std::string>> read_metadata(QPDF& document, const ReadFile& read_file);

/// A text string as UTF-8: UTF-16 with a byte order mark, otherwise PDFDocEncoding (ISO 32000-1, 7.9.2.2).
std::string decode_text_string(std::string_view bytes);

}  // namespace backend::pdf
