#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace backend::support {

/// RFC 3492, without the "xn--" prefix. Nothing on overflow.
std::optional<std::string> punycode_encode(std::u32string_view label);
std::optional<std::u32string> punycode_decode(std::string_view label);

}  // namespace backend::support
