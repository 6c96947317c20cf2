#pragma once
#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>

namespace backend::support {

/// RFC 8259, strict: nothing for bad UTF-8, numbers out of range, lone surrogates, members named twice, nesting
/// deeper than `max_depth`, or anything after the value.
std::optional<nlohmann::json> parse_json(std::string_view text, int max_depth = 64);

}  // namespace backend::support
