#include "glyph_names.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "packed_tables.h"
#include "unicode.h"

namespace backend::pdf {
namespace {

using GlyphList = std::unordered_map<std::string, std::string>;

const GlyphList& glyph_list() {
  static const GlyphList list = [] {
    GlyphList out;
    const std::string raw = packed_section("glyphs").value_or("");
    for (TableReader reader(raw); !reader.done();) {
      std::string name(reader.text());
      out.emplace(std::move(name), reader.text());
    }
    return out;
  }();
  return list;
}

/// Takes characters of `set` from both ends: the oracle does this where only a prefix is meant.
std::string_view strip(std::string_view text, std::string_view set) {
  const std::size_t first = text.find_first_not_of(set);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(set) - first + 1);
}

std::optional<char32_t> hex_code(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if ((value >= 0xD800 && value < 0xE000) || value > 0x10FFFF) return std::nullopt;
  return value;
}

std::optional<std::string> unicode_of_hex_name(std::string_view name) {
  const bool sequence = name.starts_with("uni");
  if (!sequence && !name.starts_with("u")) return std::nullopt;
  const std::string_view digits = strip(name, sequence ? "uni" : "u");
  if (sequence ? digits.empty() || digits.size() % 4 != 0 : digits.size() < 4 || digits.size() > 6) {
    return std::nullopt;
  }
  std::string out;
  const std::size_t step = sequence ? 4 : digits.size();
  for (std::size_t pos = 0; pos < digits.size(); pos += step) {
    const auto code = hex_code(digits.substr(pos, step));
    if (!code) return std::nullopt;
    append_utf8(out, *code);
  }
  return out;
}

std::optional<std::string> unicode_of_component(std::string_view name) {
  const auto found = glyph_list().find(std::string(name));
  if (found != glyph_list().end()) return found->second;
  return unicode_of_hex_name(name);
}

}  // namespace

std::optional<std::string> unicode_of_glyph(std::string_view name) {
  name = name.substr(0, name.find('.'));
  std::string out;
  for (;;) {
    const std::size_t end = name.find('_');
    const auto part = unicode_of_component(name.substr(0, end));
    if (!part) return std::nullopt;
    out += *part;
    if (end == std::string_view::npos) return out;
    name.remove_prefix(end + 1);
  }
}

}  // namespace backend::pdf
