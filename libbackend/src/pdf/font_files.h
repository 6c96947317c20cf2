#pragma once
#include <optional>
#include <string_view>

#include "encodings.h"
#include "to_unicode.h"

/// What little of embedded font programs is needed: only what they say about the meaning of codes and glyphs.
namespace backend::pdf {

/// Characters by glyph from the Unicode subtables of a TrueType font's `cmap`; nullopt if there are none.
std::optional<UnicodeMap> read_truetype_unicode(std::string_view font);

/// The encoding of a Type 1 font: the `dup CODE /NAME put` of its clear text part.
Encoding read_type1_encoding(std::string_view header);

}  // namespace backend::pdf
