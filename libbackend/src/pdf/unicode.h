#pragma once
#include <string>
#include <string_view>

namespace backend::pdf {

/// Appends one code point. Surrogates and values beyond Unicode become U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

/// UTF-8 of UTF-16BE bytes. Lone surrogates and an odd last byte are left out.
std::string utf8_from_utf16be(std::string_view bytes);

/// UTF-8 of bytes that are code points 0 to 255 (ISO 8859-1).
std::string utf8_from_latin1(std::string_view bytes);

bool is_valid_utf8(std::string_view text);

/// The next code point of valid UTF-8; `pos` moves behind it.
char32_t next_code_point(std::string_view utf8, std::size_t& pos);

/// True if `utf8` is not empty and all of it is white space, as Python's str.isspace().
bool is_space(std::string_view utf8);

/// How Python shows bytes: b'...' with escapes; the oracle does this to names that are not UTF-8.
std::string python_bytes_repr(std::string_view bytes);

/// A PDF name as text: itself if it is UTF-8, otherwise its python_bytes_repr().
std::string name_text(std::string_view name);

}  // namespace backend::pdf
