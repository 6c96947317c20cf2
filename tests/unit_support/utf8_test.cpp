#include "support/utf8.h"

#include <gtest/gtest.h>

namespace backend::support {
namespace {

TEST(Utf8, KnowsWellFormedText) {
  for (const char* text : {"", "a", "\u00e9", "\uffff", "\U0010ffff", "\u0130"}) EXPECT_TRUE(is_valid_utf8(text)) << text;
  for (const char* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "a\xc3"})
    EXPECT_FALSE(is_valid_utf8(text));
  EXPECT_TRUE(is_valid_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, CountsAndCutsCodePoints) {
  EXPECT_EQ(count_code_points("a\u00e9\U0001f600"), 3U);
  EXPECT_EQ(first_code_points("a\u00e9\U0001f600b", 2), "a\u00e9");
  EXPECT_EQ(first_code_points("a\u00e9", 2), "a\u00e9");
  EXPECT_EQ(first_code_points("a\u00e9", 0), "");
  EXPECT_EQ(first_code_points("", 5), "");
}

TEST(Utf8, MakesTextStorable) {
  using namespace std::string_literals;
  EXPECT_EQ(storable_text("a\0b"s), "ab");
  EXPECT_EQ(storable_text("a\xff\u00e9"), "a\ufffd\u00e9");
  EXPECT_EQ(storable_text("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");
}

// Each expected value is Python's str.lower().
TEST(Utf8, LowersAsPythonDoes) {
  const std::pair<const char32_t*, const char32_t*> cases[] = {
      {U"\u0391\u03a3", U"\u03b1\u03c2"},
      {U"\u0391\u03a3.", U"\u03b1\u03c2."},
      {U"\u03a3", U"\u03c3"},
      {U"\u0391\u03a3\u0391", U"\u03b1\u03c3\u03b1"},
      {U"\u0391\u03a3'\u0391", U"\u03b1\u03c3'\u03b1"},
      {U"\u0391'\u03a3", U"\u03b1'\u03c2"},
      {U"\u0391\u03a3\u0301", U"\u03b1\u03c2\u0301"},
      {U"\u0130stanbul", U"i\u0307stanbul"},
      {U"\u01c5", U"\u01c6"},
      {U"\u1e9e", U"\u00df"},
      {U"\u2167", U"\u2177"},
      {U"\u24b6\u03a3", U"\u24d0\u03c2"},
      {U"\u00aa\u03a3", U"\u00aa\u03c2"},
      {U"\u02b0\u03a3", U"\u02b0\u03c3"},
      {U"A\u02b0\u03a3", U"a\u02b0\u03c2"},
      {U"\U00010400", U"\U00010428"},
      {U"\u03a3\u03a3", U"\u03c3\u03c2"},
      {U"A\u00ad\u03a3\u00adB", U"a\u00ad\u03c3\u00adb"},
      {U"\u0345\u03a3", U"\u0345\u03c3"},
      {U"\u03f4", U"\u03b8"},
      {U"\u1c90", U"\u10d0"},
      {U"\u13a0", U"\uab70"}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(lower(text), expected) << to_utf8(text);
}

TEST(Utf8, Normalises) {
  EXPECT_EQ(to_nfc("e\u0301"), "\u00e9");
  EXPECT_EQ(to_nfc("\ufb01"), "\ufb01");
  EXPECT_EQ(to_nfkc("\ufb01\uff21"), "fiA");
  EXPECT_FALSE(to_nfc("\xff"));
}

}  // namespace
}  // namespace backend::support
