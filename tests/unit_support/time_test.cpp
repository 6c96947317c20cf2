#include <backend/types.h>

#include <gtest/gtest.h>

namespace backend {
namespace {

TEST(Times, AreWrittenInUtcWithMicroseconds) {
  EXPECT_EQ(to_iso8601(from_micros(0)), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_iso8601(from_micros(1769860800123456)), "2026-01-31T12:00:00.123456Z");
  EXPECT_EQ(to_iso8601(from_micros(-1)), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(to_iso8601(from_micros(1709164800000000)), "2024-02-29T00:00:00.000000Z");
}

TEST(Times, AreWrittenAsPythonWritesNaiveOnes) {
  EXPECT_EQ(to_naive_iso8601(from_micros(1769860800123456)), "2026-01-31T12:00:00.123456");
  EXPECT_EQ(to_naive_iso8601(from_micros(1769860800000001)), "2026-01-31T12:00:00.000001");
  EXPECT_EQ(to_naive_iso8601(from_micros(1769860800000000)), "2026-01-31T12:00:00");
}

}  // namespace
}  // namespace backend
