// Type 1, TrueType and Type 3 fonts: one byte a code (ISO 32000-1, 9.6).
#include "font.h"
#include "font_files.h"
#include "glyph_names.h"
#include "streams.h"

namespace backend::pdf {

void Font::load_simple(Object dict, const std::string& subtype, std::size_t max_stream_bytes) {
  const bool type3 = subtype == "Type3";
  Object descriptor = entry(dict, "/FontDescriptor");
  if (!type3) standard_ = standard_font(backend::pdf::name(entry(dict, "/BaseFont")).value_or(""));
  if (standard_) {
    name_ = standard_->font_name;
    descent_ = standard_->descent > 0 ? -standard_->descent : standard_->descent;
    descriptor = Object::newNull();
  } else {
    load_descriptor(descriptor);
    default_width_ = number_or(entry(descriptor, "/MissingWidth"), 0);
    load_simple_widths(dict);
  }
  if (type3) load_type3_matrix(dict, descriptor);
  load_encoding(dict, descriptor, subtype, max_stream_bytes);
  if (Object map = entry(dict, "/ToUnicode"); map.isStream()) {
    unicode_ = read_to_unicode(decoded_stream(map, max_stream_bytes));
  }
}

/// Without /Widths every code has width 0; with it, those outside have the missing width.
void Font::load_simple_widths(Object dict) {
  const long long first = integer(entry(dict, "/FirstChar")).value_or(0);
  if (!has_entry(dict, "/Widths")) {
    for (long long code = 0; code < 256; ++code) {
      if (first + code >= 0 && first + code < 256)
        simple_widths_[static_cast<std::uint32_t>(first + code)] = 0;
    }
    return;
  }
  long long code = first;
  for (Object width : elements(entry(dict, "/Widths"))) {
    const auto value = number(width);
    if (value && code >= 0 && code < 256) simple_widths_[static_cast<std::uint32_t>(code)] = *value;
    if (++code > 255) break;
  }
}

/// Glyphs of a Type 3 font have their own space; its scale is taken from the image of (1, 1).
void Font::load_type3_matrix(Object dict, Object descriptor) {
  const auto box = elements(entry(descriptor.isDictionary() ? descriptor : dict, "/FontBBox"));
  descent_ = box.size() >= 4 ? number_or(box[1], 0) : 0;
  const auto matrix = elements(entry(dict, "/FontMatrix"));
  if (matrix.size() != 6) return;
  horizontal_scale_ = number_or(matrix[0], 0) + number_or(matrix[2], 0);
  vertical_scale_ = number_or(matrix[1], 0) + number_or(matrix[3], 0);
}

void Font::load_encoding(Object dict, Object descriptor, const std::string& subtype,
                         std::size_t max_stream_bytes) {
  Object encoding = entry(dict, "/Encoding");
  std::string base = subtype == "TrueType" ? "WinAnsiEncoding" : "StandardEncoding";
  const bool has_encoding = has_entry(dict, "/Encoding");
  if (encoding.isDictionary()) {
    if (has_entry(encoding, "/BaseEncoding"))
      base = backend::pdf::name(entry(encoding, "/BaseEncoding")).value_or("");
  } else if (has_encoding) {
    base = backend::pdf::name(encoding).value_or("");
  }
  encoding_ = named_encoding(base);

  long long code = 0;
  for (Object item :
       elements(encoding.isDictionary() ? entry(encoding, "/Differences") : Object::newNull())) {
    if (const auto next = integer(item)) code = *next;
    const auto glyph = backend::pdf::name(item);
    if (!glyph) continue;
    auto text = unicode_of_glyph(*glyph);
    if (text && code >= 0 && code < 256) encoding_[static_cast<std::size_t>(code)] = std::move(*text);
    if (code < 256) ++code;
  }

  Object program = entry(descriptor, "/FontFile");
  if (has_encoding || subtype == "Type3" || !program.isStream()) return;
  std::string header = decoded_stream(program, max_stream_bytes);
  const long long clear_text_size = integer(entry(program, "/Length1")).value_or(0);
  if (clear_text_size >= 0 && static_cast<std::size_t>(clear_text_size) < header.size()) {
    header.resize(static_cast<std::size_t>(clear_text_size));
  }
  encoding_ = read_type1_encoding(header);
}

Glyph Font::make_simple_glyph(std::uint32_t code) {
  Glyph glyph;
  const std::string* mapped = unicode_.find(code);
  const bool known = mapped || !encoding_[code].empty();
  const std::string text = mapped ? *mapped : encoding_[code];
  glyph.text = known ? store(text) : unknown_text(code);
  double width = default_width_;
  if (standard_) {
    const auto found = standard_->widths.find(text);
    if (known && found != standard_->widths.end()) width = found->second;
  } else if (const auto found = simple_widths_.find(code); found != simple_widths_.end()) {
    width = found->second;
  }
  glyph.width = width * horizontal_scale_;
  return glyph;
}

}  // namespace backend::pdf
