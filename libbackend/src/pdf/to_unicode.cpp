#include "to_unicode.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "glyph_names.h"
#include "lexer.h"
#include "unicode.h"

namespace backend::pdf {
namespace {

/// More entries than any font has; ranges may overlap, so the file's size does not bound them.
constexpr std::size_t max_entries = 1u << 20;

struct Item {
  enum Kind { number, name, string, array, other } kind = other;
  double value = 0;
  std::string text;
  std::vector<Item> elements;
};

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) {
    if (value >> 40) return value;  // beyond any code already
    value = value << 8 | static_cast<unsigned char>(c);
  }
  return value;
}

class Reader {
 public:
  explicit Reader(std::string_view cmap) : lexer_(cmap) {}

  UnicodeMap run() {
    while (added_ < max_entries) {
      const Token token = lexer_.next();
      if (token.kind == TokenKind::end) break;
      if (token.kind == TokenKind::keyword) {
        handle_keyword(token.text);
      } else if (token.kind == TokenKind::array_begin) {
        items_.push_back(read_array());
      } else {
        items_.push_back(item_of(token));
      }
    }
    return std::move(map_);
  }

 private:
  static Item item_of(const Token& token) {
    Item item;
    item.text = token.text;
    item.value = token.number;
    item.kind = token.kind == TokenKind::integer  ? Item::number
                : token.kind == TokenKind::string ? Item::string
                : token.kind == TokenKind::name   ? Item::name
                                                  : Item::other;
    return item;
  }

  Item read_array() {
    Item array;
    array.kind = Item::array;
    for (;;) {
      const Token token = lexer_.next();
      if (token.kind == TokenKind::end || token.kind == TokenKind::array_end) return array;
      if (token.kind != TokenKind::keyword) array.elements.push_back(item_of(token));
    }
  }

  void handle_keyword(std::string_view keyword) {
    if (keyword == "begincmap") {
      in_cmap_ = true;
    } else if (keyword == "endcmap") {
      in_cmap_ = false;
      return;
    }
    if (!in_cmap_) return;
    if (keyword == "endbfchar") read_chars();
    if (keyword == "endbfrange") read_ranges();
    if (keyword == "endcidrange") read_cid_ranges();
    if (keyword == "endcidchar") read_cid_chars();
    if (keyword == "def") {
      items_.resize(items_.size() - std::min<std::size_t>(2, items_.size()));
    } else if (keyword.starts_with("begin") || keyword.starts_with("end")) {
      items_.clear();
    }
  }

  void add(std::uint64_t code, std::string text) {
    ++added_;
    if (code <= max_code) map_.add(static_cast<std::uint32_t>(code), std::move(text));
  }

  void read_chars() {
    for (std::size_t i = 0; i + 1 < items_.size(); i += 2) {
      if (items_[i].kind != Item::string || items_[i + 1].kind != Item::string) continue;
      add(big_endian(items_[i].text), utf8_from_utf16be(items_[i + 1].text));
    }
  }

  void read_ranges() {
    for (std::size_t i = 0; i + 2 < items_.size(); i += 3) {
      const Item &first = items_[i], &last = items_[i + 1], &target = items_[i + 2];
      if (first.kind != Item::string || last.kind != Item::string || first.text.size() != last.text.size())
        continue;
      const std::uint64_t start = big_endian(first.text), end = big_endian(last.text);
      if (target.kind == Item::array) {
        for (std::size_t k = 0; k < target.elements.size() && start + k <= end; ++k)
          add_element(start + k, target.elements[k]);
      } else if (target.kind == Item::string) {
        add_run(start, end, start, target.text);
      }
    }
  }

  void add_element(std::uint64_t code, const Item& item) {
    if (item.kind == Item::string) add(code, utf8_from_utf16be(item.text));
    if (item.kind == Item::name) {
      if (auto text = unicode_of_glyph(item.text)) add(code, std::move(*text));
    }
    if (item.kind == Item::number && item.value >= 0 && item.value <= 0x10FFFF) {
      std::string text;
      append_utf8(text, static_cast<char32_t>(item.value));
      add(code, std::move(text));
    }
  }

  /// Codes from `start` to `end`, the first of which means `first_text` and each next one more.
  void add_run(std::uint64_t start, std::uint64_t end, std::uint64_t first_code,
               std::string_view first_text) {
    const std::size_t size = std::min<std::size_t>(4, first_text.size());
    const std::string prefix(first_text.substr(0, first_text.size() - size));
    const std::uint64_t base = big_endian(first_text.substr(prefix.size()));
    const std::size_t written = size == 0 ? 4 : size;  // an empty target counts in four bytes
    for (std::uint64_t code = start; code <= end && added_ < max_entries; ++code) {
      const std::uint64_t offset = code - start, value = base + offset;
      if (value > 0xFFFFFFFF || first_code + offset > max_code) return;
      std::string text = prefix;
      for (std::size_t k = written; k-- > 0;) text += static_cast<char>(value >> (8 * k));
      add(first_code + offset, utf8_from_utf16be(text));
    }
  }

  /// A range of codes and a CID: the oracle takes the code for the meaning of the CID.
  void read_cid_ranges() {
    for (std::size_t i = 0; i + 2 < items_.size(); i += 3) {
      const Item &first = items_[i], &last = items_[i + 1], &cid = items_[i + 2];
      if (first.kind != Item::string || last.kind != Item::string || cid.kind != Item::number) continue;
      if (first.text.size() != last.text.size() || cid.value < 0 || cid.value > max_code) continue;
      add_run(big_endian(first.text), big_endian(last.text), static_cast<std::uint64_t>(cid.value),
              first.text);
    }
  }

  void read_cid_chars() {
    for (std::size_t i = 0; i + 1 < items_.size(); i += 2) {
      const Item &cid = items_[i], &text = items_[i + 1];
      if (cid.kind != Item::number || text.kind != Item::string || cid.value < 0 || cid.value > max_code)
        continue;
      add(static_cast<std::uint64_t>(cid.value), utf8_from_utf16be(text.text));
    }
  }

  Lexer lexer_;
  UnicodeMap map_;
  std::vector<Item> items_;
  std::size_t added_ = 0;
  bool in_cmap_ = true;  // some files have no begincmap
};

}  // namespace

void UnicodeMap::add(std::uint32_t code, std::string text) {
  constexpr std::string_view no_break_space = "\xC2\xA0";
  std::string& slot = texts_[code];
  if (text == no_break_space && slot == " ") return;
  slot = std::move(text);
}

UnicodeMap read_to_unicode(std::string_view cmap) { return Reader(cmap).run(); }

}  // namespace backend::pdf
