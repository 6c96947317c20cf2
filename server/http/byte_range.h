#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace backend::server {

/// Bytes [first, first + length).
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  bool operator==(const ByteRange&) const = default;
};

struct RangeRequest {
  enum class Kind {
    whole,          ///< no Range, not in bytes, or one that says nothing valid: it is ignored (RFC 9110 §14.2)
    parts,          ///< 206
    unsatisfiable,  ///< 416
  };
  Kind kind = Kind::whole;
  std::vector<ByteRange> parts;
};

/// Reads a Range header for a representation of `size` bytes (RFC 9110 §14.1.2). More than 16 ranges, or ranges that
/// overlap, are an attack or a mistake (§17.15): the whole is sent.
RangeRequest parse_range(std::string_view header, std::uint64_t size);

}  // namespace backend::server
