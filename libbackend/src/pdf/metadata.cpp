#include "metadata.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "encodings.h"
#include "lexer.h"
#include "objects.h"
#include "unicode.h"

namespace backend::pdf {
namespace {

constexpr int max_depth = 32;
/// Arrays and dictionaries may contain each other many times over.
constexpr std::size_t max_json_bytes = 1u << 20;

void append_json_string(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

/// As Python's repr(): the shortest digits, plain from 1e-4 to below 1e16.
std::string json_number(double value) {
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e16);
  char buffer[400];
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr;
  std::string out(buffer, end);
  if (plain && out.find('.') == std::string::npos) out += ".0";
  return out;
}

/// A name as the oracle decodes it: PDFDocEncoding of its characters if they are bytes.
std::string decode_name(const std::string& plain) {
  const std::string text = name_text(plain);
  std::string out;
  for (std::size_t pos = 0; pos < text.size();) {
    const char32_t c = next_code_point(text, pos);
    if (c > 0xFF) return text;
    append_utf8(out, pdf_doc_character(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string canonical_integer(const std::string& text) {
  const bool negative = text.starts_with('-');
  std::size_t first = text.find_first_of("123456789");
  if (first == std::string::npos) return "0";
  std::string out(negative ? "-" : "");
  return out += text.substr(first);
}

class JsonWriter {
 public:
  std::string out;

  void write(Object value, int depth) {
    if (depth > max_depth || out.size() > max_json_bytes) {
      out += "null";
    } else if (value.isBool()) {
      out += value.getBoolValue() ? "true" : "false";
    } else if (value.isInteger()) {
      out += canonical_integer(value.unparseResolved());
    } else if (value.isReal()) {
      const auto real = number(value);
      out += real ? json_number(*real) : "null";
    } else if (value.isString()) {
      append_json_string(out, decode_text_string(value.getStringValue()));
    } else if (value.isName()) {
      append_json_string(out, decode_name(name(value).value_or("")));
    } else if (value.isArray()) {
      write_array(value, depth);
    } else if (value.isDictionary()) {
      write_dictionary(value, depth);
    } else {
      out += "null";
    }
  }

 private:
  void write_array(Object array, int depth) {
    out += '[';
    bool first = true;
    for (Object item : elements(array)) {
      if (!std::exchange(first, false)) out += ',';
      write(item, depth + 1);
    }
    out += ']';
  }

  void write_dictionary(Object dict, int depth) {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : dict.getDictAsMap()) {
      if (!std::exchange(first, false)) out += ',';
      append_json_string(out, name_text(key.substr(1)));
      out += ':';
      write(value, depth + 1);
    }
    out += '}';
  }
};

/// The bytes of the file, or of the object stream, in which a dictionary was written, from its start. QPDF
/// sorts keys, so their order has to be read again.
std::string source_of(QPDF& document, Object dict, const ReadFile& read_file) {
  constexpr std::size_t enough = 1u << 16;
  const qpdf_offset_t offset = dict.getParsedOffset();
  if (offset < 0) return {};
  const auto positions = document.getXRefTable();
  const auto found = positions.find(dict.getObjGen());
  if (found == positions.end() || found->second.getType() != 2) {
    return read_file(static_cast<std::size_t>(offset), enough);
  }
  Object stream = document.getObjectByID(found->second.getObjStreamNumber(), 0);
  if (!stream.isStream()) return {};
  const auto data = stream.getStreamData(qpdf_dl_generalized);
  const std::string_view all(reinterpret_cast<const char*>(data->getBuffer()), data->getSize());
  const auto start = std::min(static_cast<std::size_t>(offset), all.size());
  return std::string(all.substr(start, enough));
}

/// Keys of the outermost dictionary in the order in which they come first.
std::vector<std::string> keys_in_order(std::string_view source) {
  std::vector<std::string> out;
  Lexer lexer(source);
  int depth = 0;
  bool key_expected = true;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    const bool opens = token.kind == TokenKind::dict_begin || token.kind == TokenKind::array_begin;
    const bool closes = token.kind == TokenKind::dict_end || token.kind == TokenKind::array_end;
    if (closes && --depth <= 0) break;
    if (depth == 1) {
      const bool is_key = key_expected && token.kind == TokenKind::name;
      if (is_key) out.emplace_back(key_of(token.text));
      key_expected = !is_key;
    }
    if (opens) ++depth;
  }
  return out;
}

}  // namespace

std::string decode_text_string(std::string_view bytes) {
  if (bytes.starts_with("\xFE\xFF")) return utf8_from_utf16be(bytes.substr(2));
  std::string out;
  for (const char c : bytes) append_utf8(out, pdf_doc_character(static_cast<unsigned char>(c)));
  return out;
}

std::vector<std::pair<std::string, std::string>> read_metadata(QPDF& document, const ReadFile& read_file) {
  std::vector<std::pair<std::string, std::string>> out;
  try {
    Object info = document.getTrailer().getKey("/Info");
    if (!info.isDictionary()) return out;
    auto values = info.getDictAsMap();
    const auto add = [&](const std::string& key) {
      const auto found = values.find(key);
      if (found == values.end()) return;
      JsonWriter json;
      if (!found->second.isNull() || found->second.isIndirect()) {
        json.write(found->second, 0);
        out.emplace_back(name_text(key.substr(1)), std::move(json.out));
      }
      values.erase(found);
    };
    for (const std::string& key : keys_in_order(source_of(document, info, read_file))) add(key);
    while (!values.empty()) add(std::string(values.begin()->first));
  } catch (const std::exception&) {
    // A damaged object: what was read before it.
  }
  return out;
}

}  // namespace backend::pdf
