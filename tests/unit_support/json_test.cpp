#include "support/json.h"

#include <gtest/gtest.h>

namespace backend::support {
namespace {

TEST(Json, ReadsValues) {
  EXPECT_EQ((*parse_json(R"({"a":[1,"x",{"a":null}],"b":{"a":2}})"))["b"]["a"], 2);
  EXPECT_TRUE(parse_json("[]"));
  EXPECT_TRUE(parse_json("3"));
}

TEST(Json, RefusesWhatIsNotStrict) {
  for (const char* text : {"", "{", "[1,]", "{'a':1}", "1 2", "nul", "[NaN]", "1e400", "\"\xff\"", "\"\\ud800\"", "{\"a\":1,\"a\":2}",
                           "{\"b\":{\"a\":1,\"a\":2}}", "// x\n1"})
    EXPECT_FALSE(parse_json(text)) << text;
}

TEST(Json, LimitsDepth) {
  EXPECT_TRUE(parse_json("[[[]]]", 3));
  EXPECT_FALSE(parse_json("[[[[]]]]", 3));
  EXPECT_FALSE(parse_json(std::string(100000, '['), 64));
}

}  // namespace
}  // namespace backend::support
