#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace backend::server {

/// The length of the well-formed UTF-8 sequence (Unicode 15 table 3-7) at the front of `text`, or 0.
std::size_t utf8_sequence(std::string_view text) noexcept;

bool is_utf8(std::string_view text) noexcept;

/// Code points of well-formed UTF-8.
std::size_t utf8_length(std::string_view text) noexcept;

/// `text` with U+FFFD in place of what is not UTF-8.
std::string utf8_repaired(std::string_view text);

/// At most `count` code points from the front.
std::string_view utf8_prefix(std::string_view text, std::size_t count) noexcept;

}  // namespace backend::server
