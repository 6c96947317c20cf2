#pragma once
#include <backend/error.h>

#include "support/utf8.h"

#include <string>
#include <string_view>

namespace backend::services {

[[noreturn]] inline void refuse(const std::string& message, const char* field) {
  throw Error(ErrorCode::invalid, message, field);
}

/// UTF-8 of `low`..`high` code points, NUL among them. The words are pydantic's.
inline void check_length(std::string_view text, std::size_t low, std::size_t high, const char* field) {
  const auto should = [&](const char* bound, std::size_t count) {
    refuse("String should have at " + std::string(bound) + " " + std::to_string(count) + " character" + (count == 1 ? "" : "s"), field);
  };
  if (!support::is_valid_utf8(text)) refuse("String should be UTF-8 text", field);
  const auto size = support::count_code_points(text);
  if (size < low) should("least", low);
  if (size > high) should("most", high);
}

/// The same for text that is to be kept: PostgreSQL cannot keep a NUL.
inline void check_text(std::string_view text, std::size_t low, std::size_t high, const char* field) {
  if (text.find('\0') != text.npos) refuse("String should be UTF-8 text without NUL", field);
  check_length(text, low, high, field);
}

inline void check_range(std::int64_t value, std::int64_t low, std::int64_t high, const char* field) {
  if (value < low) refuse("Input should be greater than or equal to " + std::to_string(low), field);
  if (value > high) refuse("Input should be less than or equal to " + std::to_string(high), field);
}

}  // namespace backend::services
