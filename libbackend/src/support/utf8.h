#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace backend::support {

/// Well-formed UTF-8 (Unicode 3.9, table 3-7): no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view text) noexcept;

/// Code points of well-formed UTF-8.
std::size_t count_code_points(std::string_view text) noexcept;

/// The first `count` code points.
std::string_view first_code_points(std::string_view text, std::size_t count) noexcept;

/// Replaces each ill-formed byte by U+FFFD and leaves NUL out: PostgreSQL stores neither.
std::string storable_text(std::string text);

/// Code points; ill-formed bytes become U+FFFD.
std::u32string to_utf32(std::string_view text);
std::string to_utf8(std::u32string_view text);

/// NFC or NFKC (Unicode 15). Nothing when `text` is ill-formed or has unassigned code points that cannot be mapped.
std::optional<std::string> to_nfc(std::string_view text);
std::optional<std::string> to_nfkc(std::string_view text);

/// Python's str.lower(): full lower-case mapping with the final sigma rule (Unicode 3.13). May change the length.
std::u32string lower(std::u32string_view text);

}  // namespace backend::support
