#pragma once
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace backend::server {

/// Keeps members in their order, so that a fault can show the input as it came. An integer that no 64 bits hold is kept
/// as a binary value of its digits.
using Json = nlohmann::ordered_json;

enum class DuplicateKeys { last_wins, refused };

constexpr int max_json_depth = 64;

/// What is wrong with a text that is no JSON, as Python's `json` says it.
struct JsonFault {
  std::size_t position = 0;  ///< code points from the start
  std::string message;
};

/// A parsed text, or a fault. Refused beyond RFC 8259's grammar: bad UTF-8, lone surrogates, numbers that no double
/// holds, nesting deeper than max_json_depth and, if asked, members named twice.
struct JsonResult {
  std::shared_ptr<const Json> value;  ///< null when refused
  JsonFault fault;
  bool unreadable = false;  ///< no UTF-8, or nested beyond what Python reads: FastAPI answers 400
};

JsonResult parse_json(std::string_view text, DuplicateKeys duplicates);

/// `value` as Python's json.dumps would write it, to show an input that is refused.
std::string shown_json(const Json& value);

/// Where and how Python's `json.loads` would refuse `text`; an empty message when it would not.
JsonFault python_json_fault(std::string_view text);

}  // namespace backend::server
