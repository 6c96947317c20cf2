#include "unicode.h"

#include <backend/pdf.h>

namespace backend::pdf {
namespace {

constexpr char32_t replacement_character = 0xFFFD;

bool is_surrogate(char32_t c) { return c >= 0xD800 && c < 0xE000; }

unsigned char byte_at(std::string_view text, std::size_t pos) {
  return static_cast<unsigned char>(text[pos]);
}

/// Length of the valid UTF-8 sequence at `pos`, or 0.
std::size_t sequence_length(std::string_view text, std::size_t pos) {
  const unsigned char lead = byte_at(text, pos);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || pos + length > text.size()) return 0;
  char32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = byte_at(text, pos + i);
    if ((next & 0xC0) != 0x80) return 0;
    code = code << 6 | (next & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  return overlong || is_surrogate(code) || code > 0x10FFFF ? 0 : length;
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace

void append_utf8(std::string& out, char32_t c) {
  if (is_surrogate(c) || c > 0x10FFFF) c = replacement_character;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string utf8_from_utf16be(std::string_view bytes) {
  const auto unit = [&](std::size_t pos) -> char32_t {
    return byte_at(bytes, pos) << 8 | byte_at(bytes, pos + 1);
  };
  std::string out;
  for (std::size_t pos = 0; pos + 1 < bytes.size(); pos += 2) {
    const char32_t high = unit(pos);
    if (!is_surrogate(high)) {
      append_utf8(out, high);
      continue;
    }
    if (high >= 0xDC00 || pos + 3 >= bytes.size()) continue;
    const char32_t low = unit(pos + 2);
    if (low < 0xDC00 || low >= 0xE000) continue;
    append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
    pos += 2;
  }
  return out;
}

std::string utf8_from_latin1(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t pos = 0; pos < text.size();) {
    const std::size_t length = sequence_length(text, pos);
    if (length == 0) return false;
    pos += length;
  }
  return true;
}

char32_t next_code_point(std::string_view utf8, std::size_t& pos) {
  const std::size_t length = sequence_length(utf8, pos);
  if (length <= 1) return byte_at(utf8, pos++);
  char32_t code = byte_at(utf8, pos) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte_at(utf8, pos + i) & 0x3Fu);
  pos += length;
  return code;
}

bool is_space(std::string_view utf8) {
  if (utf8.empty()) return false;
  for (std::size_t pos = 0; pos < utf8.size();) {
    if (!is_white_space(next_code_point(utf8, pos))) return false;
  }
  return true;
}

std::string python_bytes_repr(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  const bool has_single = bytes.find('\'') != std::string_view::npos;
  const char quote = has_single && bytes.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out = {'b', quote};
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      out += {'\\', c};
    } else if (c == '\t' || c == '\n' || c == '\r') {
      out += {'\\', c == '\t' ? 't' : c == '\n' ? 'n' : 'r'};
    } else if (byte < 0x20 || byte >= 0x7F) {
      out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    } else {
      out += c;
    }
  }
  return out += quote;
}

std::string name_text(std::string_view name) {
  return is_valid_utf8(name) ? std::string(name) : python_bytes_repr(name);
}

std::size_t char_count(std::string_view utf8) noexcept {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace backend::pdf
