#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace backend {

using UserId = std::int64_t;
using MessageId = std::int64_t;
using DocumentId = std::int64_t;
using SessionId = std::int64_t;

/// A point in time, UTC, in whole microseconds.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Microseconds since 1970-01-01T00:00:00Z, as stored in the database.
constexpr std::int64_t to_micros(Timestamp t) noexcept { return t.time_since_epoch().count(); }
constexpr Timestamp from_micros(std::int64_t us) noexcept { return Timestamp(std::chrono::microseconds(us)); }

/// "2026-01-31T12:00:00.123456Z": ISO 8601 (RFC 3339), UTC, always six decimals.
std::string to_iso8601(Timestamp t);

/// "2026-01-31T12:00:00.123456", without a zone, and without decimals when they are all zero: Python's
/// `datetime.isoformat()` of a naive UTC time, which FastAPI writes.
std::string to_naive_iso8601(Timestamp t);

}  // namespace backend
