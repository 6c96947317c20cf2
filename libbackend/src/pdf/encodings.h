#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace backend::pdf {

/// Meaning of the 256 codes of a simple font; empty where a code has none.
using Encoding = std::array<std::string, 256>;

/// StandardEncoding, MacRomanEncoding, WinAnsiEncoding or PDFDocEncoding; StandardEncoding for any other
/// name.
const Encoding& named_encoding(std::string_view name);

/// The character of a byte of a text string that is not UTF-16 (ISO 32000-1, D.2).
char16_t pdf_doc_character(unsigned char byte);

/// Metrics that replace those of the file for the standard 14 fonts and their common aliases.
struct StandardFont {
  std::string font_name;
  double descent = 0;
  std::unordered_map<std::string, std::uint16_t> widths;  ///< by character
};

/// By BaseFont; nullptr for a font that is not standard.
const StandardFont* standard_font(std::string_view base_font);

}  // namespace backend::pdf
