#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace backend::support {

/// RFC 4648 §5, without padding.
std::string base64url_encode(std::span<const std::byte> bytes);
std::string base64url_encode(std::string_view bytes);

/// RFC 4648 §5, strict: nothing for padding, for a character outside the alphabet, for an impossible length and
/// for stray bits after the last byte, so that a byte string has one encoding only.
std::optional<std::string> base64url_decode(std::string_view text);

/// RFC 4648 §4, with padding.
std::string base64_encode(std::string_view bytes);

}  // namespace backend::support
