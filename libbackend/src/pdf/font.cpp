#include "font.h"

#include <backend/error.h>

#include "streams.h"
#include "unicode.h"

namespace backend::pdf {

std::shared_ptr<Font> Font::load(Object dict, std::size_t max_stream_bytes) {
  auto font = std::make_shared<Font>();
  const std::string subtype = backend::pdf::name(entry(dict, "/Subtype")).value_or("Type1");
  try {
    if (subtype == "Type0") {
      Object descendants = entry(dict, "/DescendantFonts");
      Object descendant = descendants.isArray() && descendants.getArrayNItems() > 0
                              ? descendants.getArrayItem(0)
                              : Object::newNull();
      const bool own_encoding = has_entry(dict, "/Encoding"), own_unicode = has_entry(dict, "/ToUnicode");
      font->load_composite(descendant, entry(own_encoding ? dict : descendant, "/Encoding"),
                           entry(own_unicode ? dict : descendant, "/ToUnicode"),
                           own_unicode || has_entry(descendant, "/ToUnicode"), max_stream_bytes);
    } else if (subtype == "CIDFontType0" || subtype == "CIDFontType2") {
      font->load_composite(dict, entry(dict, "/Encoding"), entry(dict, "/ToUnicode"),
                           has_entry(dict, "/ToUnicode"), max_stream_bytes);
    } else {
      font->load_simple(dict, subtype, max_stream_bytes);
    }
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    // QPDF met a damaged object: the font is what was read of it.
  }
  return font;
}

void Font::load_descriptor(Object descriptor) {
  Object font_name = entry(descriptor, "/FontName");
  if (const auto plain = backend::pdf::name(font_name)) name_ = name_text(*plain);
  if (font_name.isString()) {
    const std::string repr = python_bytes_repr(font_name.getStringValue());
    name_ = repr.substr(2, repr.size() - 3);
  }
  descent_ = number_or(entry(descriptor, "/Descent"), 0);
  if (descent_ > 0) descent_ = -descent_;  // some producers forget the sign
}

std::string_view Font::store(std::string text) {
  return *texts_.emplace_back(std::make_unique<std::string>(std::move(text)));
}

std::string_view Font::unknown_text(std::uint32_t code) {
  return store("(cid:" + std::to_string(code) + ")");
}

const Glyph& Font::slow_glyph(std::uint32_t code) {
  if (composite_) {
    const auto found = cid_glyphs_.find(code);
    return found != cid_glyphs_.end() ? found->second
                                      : cid_glyphs_.emplace(code, make_cid_glyph(code)).first->second;
  }
  if (simple_glyphs_.empty()) simple_glyphs_.resize(256);
  return simple_glyphs_[code & 0xFF] = make_simple_glyph(code & 0xFF);
}

}  // namespace backend::pdf
