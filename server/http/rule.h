#pragma once
#include <backend/settings.h>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/fault.h"
#include "http/json_reader.h"

namespace backend::server {

/// A checked value on its way into a struct's member. Nothing: JSON null for a member that may be empty.
using Value = std::variant<std::monostate, std::string, std::int64_t, bool>;

/// A bound that is a number, or whatever a setting says.
using Bound = std::variant<std::monostate, std::int64_t, int Settings::*>;

/// What one value must be, with pydantic's lax conversions: "5", 5.0 and true are integers, 5 is no text.
class Rule {
 public:
  enum class Kind { text, email, integer, boolean, choice };

  explicit Rule(Kind kind) : kind_(kind) {}

  /// Least and most: code points of a text, the value of an integer.
  Rule min(Bound bound) && { return min_ = bound, std::move(*this); }
  Rule max(Bound bound) && { return max_ = bound, std::move(*this); }
  /// The address as EmailStr hands it on, with its domain in lower case; without this, as given.
  Rule normalized() && { return normalized_ = true, std::move(*this); }
  Rule hidden() && { return format_ = "password", std::move(*this); }
  Rule one_of(std::vector<std::string> choices) && { return choices_ = std::move(choices), std::move(*this); }

  /// The value, or nothing and a fault (without loc).
  std::optional<Value> check(const Json& input, const Settings& settings, Fault& fault) const;
  /// The same for a text of a query, path, header or form.
  std::optional<Value> check(std::string_view input, const Settings& settings, Fault& fault) const;

  /// JSON Schema (2020-12) of the value.
  Json schema(const Settings& settings) const;

 private:
  std::optional<Value> check_text(std::string text, const Settings& settings, Fault& fault) const;
  std::optional<Value> check_email_address(const std::string& text, Fault& fault) const;
  std::optional<Value> check_integer(std::int64_t number, const Settings& settings, Fault& fault) const;
  std::optional<Value> parse_integer(std::string_view text, const Settings& settings, Fault& fault) const;
  std::optional<Value> integer_from(const Json& input, const Settings& settings, Fault& fault) const;
  std::optional<Value> boolean_from(const Json& input, Fault& fault) const;
  std::optional<Value> check_choice(const std::string* text, Fault& fault) const;

  Kind kind_;
  Bound min_, max_;
  bool normalized_ = false;
  std::string_view format_;
  std::vector<std::string> choices_;
};

inline Rule text() { return Rule(Rule::Kind::text); }
inline Rule secret() { return text().hidden(); }
inline Rule email() { return Rule(Rule::Kind::email); }
inline Rule integer() { return Rule(Rule::Kind::integer); }
/// A row's number.
inline Rule identifier() { return integer(); }
inline Rule boolean() { return Rule(Rule::Kind::boolean); }
inline Rule choice(std::vector<std::string> choices) { return Rule(Rule::Kind::choice).one_of(std::move(choices)); }

}  // namespace backend::server
