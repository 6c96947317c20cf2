#include "http/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "http/utf8.h"

namespace backend::server {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u00";
  out += digits[static_cast<unsigned char>(c) >> 4];
  out += digits[c & 15];
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == '"' || c == '\\') {
      append_escaped(out, text[i++]);
    } else if (c < 0x80) {
      out += text[i++];
    } else {
      const std::size_t n = utf8_sequence(text.substr(i));
      out += n ? text.substr(i, n) : std::string_view("\xEF\xBF\xBD");
      i += n ? n : 1;
    }
  }
  out += '"';
}

}  // namespace

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_ += ':';
  first_ = true;
  return *this;
}

void JsonWriter::value(std::string_view v) {
  separate();
  append_quoted(out_, v);
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

/// Python's repr: the shortest digits that read back the same, with an exponent below 1e-4 and from 1e16 on.
void JsonWriter::value(double v) {
  if (!std::isfinite(v)) return raw("null");
  std::array<char, 64> text;
  const double size = std::fabs(v);
  const bool plain = v == 0 || (size >= 1e-4 && size < 1e16);
  const auto end = std::to_chars(text.data(), text.data() + text.size(), v,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific).ptr;
  std::string out(text.data(), end);
  if (plain && out.find('.') == std::string::npos) out += ".0";
  raw(out);
}

std::string json_quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

}  // namespace backend::server
