#include <algorithm>
#include <unordered_map>
#include <vector>

#include "font_files.h"
#include "unicode.h"

namespace backend::pdf {
namespace {

/// More characters than any font maps; groups may overlap, so the size of the file does not bound them.
constexpr std::size_t max_characters = 1u << 20;

/// Big-endian reads that give 0 beyond the end.
class Bytes {
 public:
  explicit Bytes(std::string_view data) : data_(data) {}

  std::uint32_t read(std::size_t pos, std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | byte(pos + i);
    return value;
  }
  std::uint32_t u16(std::size_t pos) const { return read(pos, 2); }
  std::uint32_t u32(std::size_t pos) const { return read(pos, 4); }
  std::uint32_t byte(std::size_t pos) const {
    return pos < data_.size() ? static_cast<unsigned char>(data_[pos]) : 0u;
  }
  bool has(std::size_t pos, std::size_t size) const { return pos + size <= data_.size(); }
  std::string_view tag(std::size_t pos) const { return data_.substr(std::min(pos, data_.size()), 4); }

 private:
  std::string_view data_;
};

/// Glyphs by character, in the order in which characters were first seen: of several characters of a glyph,
/// the last in that order is its meaning.
class CharacterMap {
 public:
  void put(std::uint32_t character, std::uint32_t glyph) {
    if (character > 0x10FFFF || order_.size() >= max_characters) return;
    if (glyphs_.insert_or_assign(character, glyph).second) order_.push_back(character);
  }

  bool full() const { return order_.size() >= max_characters; }

  std::optional<UnicodeMap> by_glyph() const {
    if (order_.empty()) return std::nullopt;
    UnicodeMap out;
    for (const std::uint32_t character : order_) {
      std::string text;
      append_utf8(text, character);
      out.add(glyphs_.at(character), std::move(text));
    }
    return out;
  }

 private:
  std::unordered_map<std::uint32_t, std::uint32_t> glyphs_;
  std::vector<std::uint32_t> order_;
};

/// Format 4: segments of 16-bit characters (OpenType, cmap).
void read_segments(const Bytes& font, std::size_t table, CharacterMap& out) {
  const std::size_t count = font.u16(table + 6) / 2;
  const std::size_t ends = table + 14, starts = ends + 2 * count + 2, deltas = starts + 2 * count;
  const std::size_t offsets = deltas + 2 * count;
  for (std::size_t i = 0; i < count && font.has(offsets + 2 * i, 2) && !out.full(); ++i) {
    const std::uint32_t first = font.u16(starts + 2 * i), last = font.u16(ends + 2 * i);
    const std::uint32_t delta = font.u16(deltas + 2 * i), offset = font.u16(offsets + 2 * i);
    for (std::uint32_t character = first; character <= last; ++character) {
      std::uint32_t glyph = character;
      if (offset != 0) {
        // The oracle counts from the start of the array of offsets, not from this segment's offset.
        const std::size_t pos = offsets + offset + 2 * (character - first);
        if (!font.has(pos, 2)) break;
        glyph = font.u16(pos);
      }
      out.put(character, (glyph + delta) & 0xFFFF);
    }
  }
}

void read_array(const Bytes& font, std::size_t glyphs, std::uint32_t first, std::uint32_t count,
                CharacterMap& out) {
  for (std::uint32_t i = 0; i < count && font.has(glyphs + 2 * std::size_t{i}, 2); ++i) {
    out.put(first + i, font.u16(glyphs + 2 * std::size_t{i}));
  }
}

/// Format 12: groups of consecutive characters and glyphs.
void read_groups(const Bytes& font, std::size_t table, CharacterMap& out) {
  const std::size_t count = font.u32(table + 12);
  for (std::size_t i = 0; i < count && font.has(table + 16 + 12 * i, 12) && !out.full(); ++i) {
    const std::size_t group = table + 16 + 12 * i;
    const std::uint32_t first = font.u32(group), last = std::min(font.u32(group + 4), 0x10FFFFu);
    std::uint32_t glyph = font.u32(group + 8);
    for (std::uint32_t character = first; character <= last && !out.full(); ++character)
      out.put(character, glyph++);
  }
}

void read_subtable(const Bytes& font, std::size_t table, CharacterMap& out) {
  switch (font.u16(table)) {
    case 0:
      for (std::uint32_t i = 0; i < 256; ++i) out.put(i, font.byte(table + 6 + i));
      break;
    case 4:
      read_segments(font, table, out);
      break;
    case 6:
      read_array(font, table + 10, font.u16(table + 6), font.u16(table + 8), out);
      break;
    case 10:
      read_array(font, table + 20, font.u32(table + 12), font.u32(table + 16), out);
      break;
    case 12:
      read_groups(font, table, out);
      break;
    default:
      break;
  }
}

std::size_t find_cmap(const Bytes& font) {
  std::size_t found = 0;
  const std::uint32_t tables = font.u16(4);
  for (std::uint32_t i = 0; i < tables && font.has(12 + 16 * i, 16); ++i) {
    if (font.tag(12 + 16 * i) == "cmap") found = font.u32(12 + 16 * i + 8);
  }
  return found;
}

}  // namespace

std::optional<UnicodeMap> read_truetype_unicode(std::string_view data) {
  const Bytes font(data);
  const std::size_t cmap = find_cmap(font);
  if (cmap == 0) return std::nullopt;
  CharacterMap characters;
  const std::uint32_t subtables = font.u16(cmap + 2);
  for (std::uint32_t i = 0; i < subtables && font.has(cmap + 4 + 8 * i, 8); ++i) {
    const std::uint32_t platform = font.u16(cmap + 4 + 8 * i), encoding = font.u16(cmap + 6 + 8 * i);
    const bool unicode = platform == 0 || (platform == 3 && (encoding == 1 || encoding == 10));
    if (unicode) read_subtable(font, cmap + font.u32(cmap + 8 + 8 * i), characters);
  }
  return characters.by_glyph();
}

}  // namespace backend::pdf
