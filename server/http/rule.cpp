#include "http/rule.h"

#include <backend/email.h>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

#include "http/json_writer.h"
#include "http/utf8.h"
#include "transport/http_message.h"

namespace backend::server {
namespace {

std::nullopt_t refuse(Fault& fault, std::string type, std::string msg, std::string ctx = {}) {
  fault.type = std::move(type);
  fault.msg = std::move(msg);
  fault.ctx = std::move(ctx);
  return std::nullopt;
}

std::optional<std::int64_t> bound_value(const Bound& bound, const Settings& settings) {
  if (const auto* number = std::get_if<std::int64_t>(&bound)) return *number;
  if (const auto* setting = std::get_if<int Settings::*>(&bound)) return settings.**setting;
  return std::nullopt;
}

std::string characters(std::int64_t count) { return std::to_string(count) + (count == 1 ? " character" : " characters"); }

std::string context(std::string_view name, std::int64_t value) {
  return "{" + json_quoted(name) + ":" + std::to_string(value) + "}";
}

std::string_view stripped(std::string_view text) {
  constexpr std::string_view space = " \t\n\r\f\v";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The sign and digits of what pydantic takes for an integer: spaces around, a sign, single underscores between
/// digits, a fraction of zeros. Empty when it is none.
std::string integer_digits(std::string_view text) {
  text = stripped(text);
  std::string digits;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    if (text.front() == '-') digits = "-";
    text.remove_prefix(1);
  }
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos) {
    const std::string_view fraction = text.substr(dot + 1);
    if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) return {};
    text = text.substr(0, dot);
  }
  if (text.empty()) return {};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i]))
      digits += text[i];
    else if (text[i] != '_' || i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]))
      return {};
  }
  return digits;
}

constexpr auto too_big_message = "Unable to parse input string as an integer, exceeded maximum size";

}  // namespace

std::optional<Value> Rule::check(const Json& input, const Settings& settings, Fault& fault) const {
  switch (kind_) {
    case Kind::integer: return integer_from(input, settings, fault);
    case Kind::boolean: return boolean_from(input, fault);
    case Kind::choice: return check_choice(input.get_ptr<const std::string*>(), fault);
    case Kind::text:
    case Kind::email: break;
  }
  const auto* string = input.get_ptr<const std::string*>();
  if (!string) return refuse(fault, "string_type", "Input should be a valid string");
  return kind_ == Kind::email ? check_email_address(*string, fault) : check_text(*string, settings, fault);
}

std::optional<Value> Rule::check(std::string_view input, const Settings& settings, Fault& fault) const {
  if (kind_ == Kind::integer) return parse_integer(input, settings, fault);
  return check(Json(std::string(input)), settings, fault);
}

std::optional<Value> Rule::check_text(std::string text, const Settings& settings, Fault& fault) const {
  const auto length = static_cast<std::int64_t>(utf8_length(text));
  const auto least = bound_value(min_, settings);
  const auto most = bound_value(max_, settings);
  if (least && length < *least)
    return refuse(fault, "string_too_short", "String should have at least " + characters(*least),
                  context("min_length", *least));
  if (most && length > *most)
    return refuse(fault, "string_too_long", "String should have at most " + characters(*most),
                  context("max_length", *most));
  // PostgreSQL's text cannot hold it.
  if (text.find('\0') != std::string::npos)
    return refuse(fault, "value_error", "Value error, text must not contain NUL characters");
  return Value(std::move(text));
}

std::optional<Value> Rule::check_email_address(const std::string& text, Fault& fault) const {
  EmailCheck found = check_email(text);
  if (found.valid) return Value(normalized_ ? std::move(found.normalized) : std::move(found.address));
  return refuse(fault, "value_error", "value is not a valid email address: " + found.reason,
                "{\"reason\":" + json_quoted(found.reason) + "}");
}

std::optional<Value> Rule::check_integer(std::int64_t number, const Settings& settings, Fault& fault) const {
  const auto least = bound_value(min_, settings);
  const auto most = bound_value(max_, settings);
  if (least && number < *least)
    return refuse(fault, "greater_than_equal", "Input should be greater than or equal to " + std::to_string(*least),
                  context("ge", *least));
  if (most && number > *most)
    return refuse(fault, "less_than_equal", "Input should be less than or equal to " + std::to_string(*most),
                  context("le", *most));
  return Value(number);
}

std::optional<Value> Rule::parse_integer(std::string_view text, const Settings& settings, Fault& fault) const {
  const std::string digits = integer_digits(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc::result_out_of_range) return refuse(fault, "int_parsing_size", too_big_message);
  if (digits.empty() || error != std::errc())
    return refuse(fault, "int_parsing", "Input should be a valid integer, unable to parse string as an integer");
  return check_integer(number, settings, fault);
}

std::optional<Value> Rule::integer_from(const Json& input, const Settings& settings, Fault& fault) const {
  if (input.is_boolean()) return check_integer(input.get<bool>(), settings, fault);
  if (input.is_string()) return parse_integer(input.get_ref<const std::string&>(), settings, fault);
  if (input.is_number_float()) {
    const double number = input.get<double>();
    if (number != std::floor(number))
      return refuse(fault, "int_from_float", "Input should be a valid integer, got a number with a fractional part");
    if (std::fabs(number) >= 9.2e18) return refuse(fault, "int_parsing_size", too_big_message);
    return check_integer(static_cast<std::int64_t>(number), settings, fault);
  }
  if (input.is_binary()) return refuse(fault, "int_parsing_size", too_big_message);  // see Json
  if (!input.is_number_integer()) return refuse(fault, "int_type", "Input should be a valid integer");
  if (input.is_number_unsigned() && input.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
    return refuse(fault, "int_parsing_size", too_big_message);
  return check_integer(input.get<std::int64_t>(), settings, fault);
}

std::optional<Value> Rule::boolean_from(const Json& input, Fault& fault) const {
  if (input.is_boolean()) return Value(input.get<bool>());
  constexpr auto unclear = "Input should be a valid boolean, unable to interpret input";
  if (input.is_string()) {
    const auto& word = input.get_ref<const std::string&>();
    for (const char* yes : {"1", "on", "t", "true", "y", "yes"})
      if (equal_ignoring_case(word, yes)) return Value(true);
    for (const char* no : {"0", "off", "f", "false", "n", "no"})
      if (equal_ignoring_case(word, no)) return Value(false);
    return refuse(fault, "bool_parsing", unclear);
  }
  if (!input.is_number() || (input.is_number_float() && input.get<double>() != std::floor(input.get<double>())))
    return refuse(fault, "bool_type", "Input should be a valid boolean");
  if (input != 0 && input != 1) return refuse(fault, "bool_parsing", unclear);
  return Value(input == 1);
}

std::optional<Value> Rule::check_choice(const std::string* text, Fault& fault) const {
  std::string expected;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    if (text && *text == choices_[i]) return Value(*text);
    if (i > 0) expected += i + 1 == choices_.size() ? " or " : ", ";
    expected += "'" + choices_[i] + "'";
  }
  return refuse(fault, "enum", "Input should be " + expected, "{\"expected\":" + json_quoted(expected) + "}");
}

Json Rule::schema(const Settings& settings) const {
  const auto least = bound_value(min_, settings);
  const auto most = bound_value(max_, settings);
  Json out = Json::object();
  switch (kind_) {
    case Kind::integer:
      out["type"] = "integer";
      if (least) out["minimum"] = *least;
      if (most) out["maximum"] = *most;
      return out;
    case Kind::boolean: out["type"] = "boolean"; return out;
    case Kind::choice:
      out["type"] = "string";
      out["enum"] = choices_;
      return out;
    case Kind::text:
    case Kind::email: break;
  }
  out["type"] = "string";
  if (kind_ == Kind::email) out["format"] = "email";
  if (!format_.empty()) out["format"] = std::string(format_);
  if (least) out["minLength"] = *least;
  if (most) out["maxLength"] = *most;
  return out;
}

}  // namespace backend::server
