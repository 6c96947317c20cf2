#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "http/json_reader.h"
#include "http/json_writer.h"

using namespace backend::server;

namespace {

struct Case {
  const char* text;
  std::size_t position;
  const char* message;
};

bool accepted(const std::string& text, DuplicateKeys duplicates = DuplicateKeys::last_wins) {
  return parse_json(text, duplicates).value != nullptr;
}

std::string number(double value) {
  std::string out;
  JsonWriter(out).value(value);
  return out;
}

}  // namespace

// What Python 3.11's json.loads says of each.
TEST(Json, RefusesAsPythonDoes) {
  const Case table[] = {
      {"   ", 3, "Expecting value"}, {R"({"email":)", 9, "Expecting value"}, {R"({"email")", 8, "Expecting ':' delimiter"},
      {"{", 1, "Expecting property name enclosed in double quotes"}, {R"({"email": x})", 10, "Expecting value"},
      {R"({"email":"a@b.co",})", 18, "Expecting property name enclosed in double quotes"}, {"[1,]", 3, "Expecting value"},
      {"{'email':1}", 1, "Expecting property name enclosed in double quotes"}, {"{} x", 3, "Extra data"},
      {R"({"a":1 "b":2})", 7, "Expecting ',' delimiter"}, {"[1 2]", 3, "Expecting ',' delimiter"},
      {R"({"a":"abc)", 5, "Unterminated string starting at"}, {"{\"a\":\"a\tb\"}", 7, "Invalid control character at"},
      {R"({"a":"\x"})", 6, "Invalid \\escape"}, {R"({"a":"\u12g4"})", 7, "Invalid \\uXXXX escape"}, {"nan", 0, "Expecting value"},
      {R"({"a":01})", 6, "Expecting ',' delimiter"}, {R"({"a":1.})", 6, "Expecting ',' delimiter"},
      {R"({"a":1e})", 6, "Expecting ',' delimiter"}, {R"({"a":-})", 5, "Expecting value"}, {"truex", 4, "Extra data"},
      {"{,}", 1, "Expecting property name enclosed in double quotes"}, {R"({"é☃𝄞": x})", 8, "Expecting value"},
      {"{\n\n \"a\": }", 9, "Expecting value"}, {R"({"a":"\)", 5, "Unterminated string starting at"}};
  for (const Case& c : table) {
    const JsonResult result = parse_json(c.text, DuplicateKeys::last_wins);
    EXPECT_FALSE(result.value) << c.text;
    EXPECT_EQ(result.fault.message, c.message) << c.text;
    EXPECT_EQ(result.fault.position, c.position) << c.text;
  }
}

TEST(Json, RefusesWhatPythonTakes) {
  for (const char* text : {"NaN", "[Infinity]", "[-Infinity]", "1e400", R"("\ud800")", R"("\ude00\ud83d")"})
    EXPECT_FALSE(accepted(text)) << text;
  EXPECT_TRUE(accepted(R"("\ud834\udd1e")"));
}

TEST(Json, RefusesBadUtf8) {
  for (const char* text : {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xc3\""})
    EXPECT_TRUE(parse_json(text, DuplicateKeys::last_wins).unreadable) << text;
}

TEST(Json, NestsSixtyFourDeep) {
  EXPECT_TRUE(accepted(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(accepted(std::string(65, '[') + std::string(65, ']')));
  EXPECT_TRUE(parse_json(std::string(100000, '['), DuplicateKeys::last_wins).unreadable);
}

TEST(Json, RefusesAMemberNamedTwiceOrTakesTheLast) {
  const std::string text = R"({"a":1,"b":2,"\u0061":3})";
  EXPECT_FALSE(accepted(text, DuplicateKeys::refused));
  EXPECT_EQ(parse_json(text, DuplicateKeys::last_wins).value->dump(), R"({"a":3,"b":2})");
}

TEST(Json, ReadsManyMembersInLinearTime) {
  std::string text = "{";
  for (int i = 0; i < 100000; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
  EXPECT_TRUE(accepted(text + "}", DuplicateKeys::refused));
}

TEST(JsonWriter, EscapesWhatJsonAsksAndRepairsText) {
  EXPECT_EQ(json_quoted("a\"\\\n\x01é☃\xff"), "\"a\\\"\\\\\\n\\u0001é☃\xEF\xBF\xBD\"");
}

TEST(JsonWriter, WritesDoublesAsPythonDoes) {
  EXPECT_EQ(number(612), "612.0");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(1e16), "1e+16");
  EXPECT_EQ(number(1e-5), "1e-05");
  EXPECT_EQ(number(123456789012345.0), "123456789012345.0");
  EXPECT_EQ(number(-0.0), "-0.0");
}
