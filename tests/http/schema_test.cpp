#include "http/schema.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace backend;
using namespace backend::server;

namespace {

struct Sample {
  std::string word = "unset";
  std::int64_t number = -7;
  std::optional<std::string> note;
  std::string format = "json";
  bool flag = false;
};
const Schema<Sample> sample{"Sample", {
    field("word", &Sample::word, text().min(3).max(5)),
    field("number", &Sample::number, integer().min(1).max(100)),
    field("note", &Sample::note, text()),
    field("format", &Sample::format, choice({"json", "csv"}), "\"json\""),
    field("flag", &Sample::flag, boolean(), "false"),
}};

std::string faults_of(const char* body, UnknownFields unknown = UnknownFields::refused) {
  Faults faults;
  sample.from_json(Json::parse(body), {}, unknown, faults);
  const std::string all = faults_json(faults);  // {"detail":[...]}
  return all.substr(10, all.size() - 12);
}

Sample parsed(const char* body) {
  Faults faults;
  const auto object = sample.from_json(Json::parse(body), {}, UnknownFields::ignored, faults);
  EXPECT_TRUE(faults.empty()) << faults_json(faults);
  return *static_cast<Sample*>(object.get());
}

/// The type of the fault that an integer rule finds in a JSON value, or the number.
std::string as_integer(const char* json) {
  Fault fault;
  const auto value = integer().check(Json::parse(json), {}, fault);
  return value ? std::to_string(std::get<std::int64_t>(*value)) : fault.type;
}

std::string as_boolean(const char* json) {
  Fault fault;
  const auto value = boolean().check(Json::parse(json), {}, fault);
  return value ? (std::get<bool>(*value) ? "true" : "false") : fault.type;
}

}  // namespace

// The expected texts are those of pydantic 2.14.
TEST(Schema, ReportsAllFaultsTogetherInPydanticsWords) {
  EXPECT_EQ(faults_of(R"({"word":"é","number":0,"note":5,"format":"x","zz":1,"yy":[2]})"),
            R"({"type":"string_too_short","loc":["body","word"],"msg":"String should have at least 3 characters","input":"é","ctx":{"min_length":3}},)"
            R"({"type":"greater_than_equal","loc":["body","number"],"msg":"Input should be greater than or equal to 1","input":0,"ctx":{"ge":1}},)"
            R"({"type":"string_type","loc":["body","note"],"msg":"Input should be a valid string","input":5},)"
            R"({"type":"enum","loc":["body","format"],"msg":"Input should be 'json' or 'csv'","input":"x","ctx":{"expected":"'json' or 'csv'"}},)"
            R"({"type":"extra_forbidden","loc":["body","zz"],"msg":"Extra inputs are not permitted","input":1},)"
            R"({"type":"extra_forbidden","loc":["body","yy"],"msg":"Extra inputs are not permitted","input":[2]})");
}

TEST(Schema, CountsCodePointsAndChecksUpperBounds) {
  EXPECT_EQ(faults_of(R"({"word":"éééééé","number":101})"),
            R"({"type":"string_too_long","loc":["body","word"],"msg":"String should have at most 5 characters","input":"éééééé","ctx":{"max_length":5}},)"
            R"({"type":"less_than_equal","loc":["body","number"],"msg":"Input should be less than or equal to 100","input":101,"ctx":{"le":100}})");
}

TEST(Schema, ShowsTheWholeInputWhereAMemberIsMissing) {
  EXPECT_EQ(faults_of(R"({"a":[1,2.0,"é",null,true,1e20]})", UnknownFields::ignored),
            R"({"type":"missing","loc":["body","word"],"msg":"Field required","input":{"a":[1,2.0,"é",null,true,1e+20]}},)"
            R"({"type":"missing","loc":["body","number"],"msg":"Field required","input":{"a":[1,2.0,"é",null,true,1e+20]}})");
}

TEST(Schema, RefusesWhatIsNoObject) {
  for (const char* body : {"[]", "\"x\"", "1", "null", "true"})
    EXPECT_EQ(faults_of(body),
              std::string(R"({"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":)") + body + "}");
}

TEST(Schema, LeavesInitialValuesWhereNothingIsGiven) {
  const Sample value = parsed(R"({"word":"abc","number":"5","note":null})");
  EXPECT_EQ(value.word, "abc");
  EXPECT_EQ(value.number, 5);
  EXPECT_FALSE(value.note);
  EXPECT_EQ(value.format, "json");
}

TEST(Schema, ReadsAQueryAndLocatesItsFaults) {
  Faults faults;
  sample.from_parameters(Parameters::parse("word=ab&number=x&number=abc&flag=maybe"), "query", {}, faults);
  EXPECT_EQ(faults_json(faults),
            R"({"detail":[{"type":"string_too_short","loc":["query","word"],"msg":"String should have at least 3 characters","input":"ab","ctx":{"min_length":3}},)"
            R"({"type":"int_parsing","loc":["query","number"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"abc"},)"
            R"({"type":"bool_parsing","loc":["query","flag"],"msg":"Input should be a valid boolean, unable to interpret input","input":"maybe"}]})");
}

TEST(Rule, TakesIntegersAsPydanticDoes) {
  const std::pair<const char*, const char*> table[] = {
      {"5", "5"}, {"5.0", "5"}, {"5.5", "int_from_float"}, {"true", "1"}, {"false", "0"}, {"null", "int_type"},
      {"[2]", "int_type"}, {"\"5\"", "5"}, {"\" 5\\n\"", "5"}, {"\"+5\"", "5"}, {"\"-0\"", "0"}, {"\"005\"", "5"},
      {"\"1_000\"", "1000"}, {"\"1_000.0\"", "1000"}, {"\"1.00\"", "1"}, {"\"1.\"", "int_parsing"}, {"\".0\"", "int_parsing"},
      {"\"1.5\"", "int_parsing"}, {"\"_1\"", "int_parsing"}, {"\"1_\"", "int_parsing"}, {"\"1__0\"", "int_parsing"},
      {"\"1.0_0\"", "int_parsing"}, {"\"+ 1\"", "int_parsing"}, {"\"--1\"", "int_parsing"}, {"\"+\"", "int_parsing"},
      {"\"\"", "int_parsing"}, {"\"1e3\"", "int_parsing"}, {"\"0x1\"", "int_parsing"}, {"\"٣\"", "int_parsing"},
      {"0", "0"}, {"-1", "-1"}, {"2147483648", "2147483648"}, {"9223372036854775807", "9223372036854775807"},
      {"9223372036854775808", "int_parsing_size"}, {"18446744073709551616", "int_parsing_size"},
      {"\"18446744073709551616\"", "int_parsing_size"}, {"1e19", "int_parsing_size"}};
  for (const auto& [json, expected] : table) EXPECT_EQ(as_integer(json), expected) << json;
}

TEST(Rule, TakesBooleansAsPydanticDoes) {
  const std::pair<const char*, const char*> table[] = {
      {"true", "true"}, {"\"1\"", "true"}, {"\"TRUE\"", "true"}, {"\"yes\"", "true"}, {"\"on\"", "true"}, {"\"t\"", "true"},
      {"\"No\"", "false"}, {"\"0\"", "false"}, {"1", "true"}, {"0", "false"}, {"1.0", "true"}, {"2", "bool_parsing"},
      {"\"2\"", "bool_parsing"}, {"\"\"", "bool_parsing"}, {"\" true\"", "bool_parsing"}, {"0.5", "bool_type"},
      {"null", "bool_type"}, {"[]", "bool_type"}};
  for (const auto& [json, expected] : table) EXPECT_EQ(as_boolean(json), expected) << json;
}

TEST(Rule, ReadsBoundsFromSettings) {
  Settings settings;
  settings.password_min_length = 12;
  Fault fault;
  EXPECT_FALSE(text().min(&Settings::password_min_length).check(Json("short"), settings, fault));
  EXPECT_EQ(fault.ctx, R"({"min_length":12})");
}

TEST(Rule, SaysWhatIsWrongWithAnAddress) {
  Fault fault;
  EXPECT_FALSE(email().check(Json("plain"), {}, fault));
  EXPECT_EQ(fault.type, "value_error");
  EXPECT_EQ(fault.msg, "value is not a valid email address: An email address must have an @-sign.");
  EXPECT_EQ(fault.ctx, R"({"reason":"An email address must have an @-sign."})");
}

TEST(Rule, HandsOnAnAddressAsGivenOrNormalized) {
  Fault fault;
  EXPECT_EQ(std::get<std::string>(*email().check(Json("Ann@EXAMPLE.com"), {}, fault)), "Ann@EXAMPLE.com");
  EXPECT_EQ(std::get<std::string>(*email().normalized().check(Json("Ann@EXAMPLE.com"), {}, fault)), "Ann@example.com");
}
