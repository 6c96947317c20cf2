#include "support/dotenv.h"

#include <backend/error.h>

#include <gtest/gtest.h>

namespace backend::support {
namespace {

std::string value_of(std::string_view text) {
  const auto lines = parse_dotenv(text);
  return lines.size() == 1 ? lines[0].value : "<" + std::to_string(lines.size()) + " lines>";
}

std::string refusal_of(std::string_view text) {
  try {
    parse_dotenv(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid);
    return error.what();
  }
  return "accepted";
}

TEST(Dotenv, ReadsPlainValues) {
  EXPECT_EQ(value_of("A=b"), "b");
  EXPECT_EQ(value_of("A = b c "), "b c");
  EXPECT_EQ(value_of("export A=b"), "b");
  EXPECT_EQ(value_of("A="), "");
  EXPECT_EQ(value_of("A=b#c"), "b#c");
  EXPECT_EQ(value_of("A=b # c"), "b");
  EXPECT_EQ(value_of("A=# c"), "");
  EXPECT_EQ(value_of("A=x=y"), "x=y");
  EXPECT_EQ(value_of("A=c:\\new"), "c:\\new");
}

TEST(Dotenv, ReadsQuotes) {
  EXPECT_EQ(value_of("A=\"b # c\" # d"), "b # c");
  EXPECT_EQ(value_of("A=\"l1\\nl2\\t\\\"\\\\\\$\""), "l1\nl2\t\"\\$");
  EXPECT_EQ(value_of("A='b\\n$HOME'"), "b\\n$HOME");
  EXPECT_EQ(value_of("A='it\\'s'"), "it's");
  EXPECT_EQ(value_of("A=\"\""), "");
}

TEST(Dotenv, ReadsFilesOfAnySystem) {
  const auto lines = parse_dotenv("\xEF\xBB\xBF# head\r\n\r\nA=1\r\n  B='2'\r\nC=3");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].name + lines[0].value, "A1");
  EXPECT_EQ(lines[1].name + lines[1].value, "B2");
  EXPECT_EQ(lines[2].name + lines[2].value, "C3");
  EXPECT_EQ(lines[1].line, 4);
}

TEST(Dotenv, RefusesWithTheLine) {
  EXPECT_EQ(refusal_of("A=1\nB"), ".env line 2: expected NAME=value");
  EXPECT_EQ(refusal_of("1A=1"), ".env line 1: a name has letters, digits and underscores");
  EXPECT_EQ(refusal_of("=1"), ".env line 1: a name has letters, digits and underscores");
  EXPECT_NE(refusal_of("A=\"b\nc\"").find("values cannot span lines"), std::string::npos);
  EXPECT_NE(refusal_of("A='b").find("closing quote is missing"), std::string::npos);
  EXPECT_NE(refusal_of("A=\"b\" c").find("text after the closing quote"), std::string::npos);
  EXPECT_NE(refusal_of("A=\"\\x\"").find("unknown escape"), std::string::npos);
  EXPECT_NE(refusal_of("A=\xff").find("not UTF-8"), std::string::npos);
}

TEST(Dotenv, NeedsNoFile) { EXPECT_TRUE(read_dotenv("/nonexistent/.env").empty()); }

}  // namespace
}  // namespace backend::support
