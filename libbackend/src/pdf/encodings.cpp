#include "encodings.h"

#include <map>

#include "packed_tables.h"

namespace backend::pdf {
namespace {

Encoding load_encoding(std::string_view name) {
  Encoding out;
  const std::string raw = packed_section("encoding/" + std::string(name)).value_or("");
  TableReader reader(raw);
  for (std::string& character : out) character = reader.text();
  return out;
}

using StandardFonts = std::map<std::string, StandardFont, std::less<>>;

StandardFonts load_standard_fonts() {
  StandardFonts out;
  const std::string raw = packed_section("metrics").value_or("");
  for (TableReader reader(raw); !reader.done();) {
    StandardFont& font = out[std::string(reader.text())];
    font.font_name = reader.text();
    font.descent = reader.f64();
    for (unsigned left = reader.u16(); left > 0; --left) {
      std::string character(reader.text());
      font.widths.emplace(std::move(character), reader.u16());
    }
  }
  return out;
}

}  // namespace

const Encoding& named_encoding(std::string_view name) {
  static const Encoding standard = load_encoding("StandardEncoding");
  static const Encoding mac_roman = load_encoding("MacRomanEncoding");
  static const Encoding win_ansi = load_encoding("WinAnsiEncoding");
  static const Encoding pdf_doc = load_encoding("PDFDocEncoding");
  if (name == "MacRomanEncoding") return mac_roman;
  if (name == "WinAnsiEncoding") return win_ansi;
  if (name == "PDFDocEncoding") return pdf_doc;
  return standard;
}

char16_t pdf_doc_character(unsigned char byte) {
  static const auto table = [] {
    std::array<char16_t, 256> out{};
    const std::string raw = packed_section("pdfdoc").value_or("");
    TableReader reader(raw);
    for (char16_t& character : out) character = reader.u16();
    return out;
  }();
  return table[byte];
}

const StandardFont* standard_font(std::string_view base_font) {
  static const StandardFonts fonts = load_standard_fonts();
  const auto found = fonts.find(base_font);
  return found == fonts.end() ? nullptr : &found->second;
}

}  // namespace backend::pdf
