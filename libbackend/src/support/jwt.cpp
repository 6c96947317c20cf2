#include "support/jwt.h"

#include "support/base64.h"
#include "support/digest.h"
#include "support/json.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

namespace backend::support {
namespace {

using nlohmann::json;

constexpr std::size_t max_token_bytes = 8 * 1024;
constexpr int max_depth = 16;
constexpr std::string_view usual_header = R"({"alg":"HS256","typ":"JWT"})";

bool is_token_type(std::string type) {
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::tolower(c); });
  return type == "jwt" || type == "at+jwt";
}

// A parameter that we do not know could change what the signature means (RFC 7515 §4.1.11, crit) or whose key
// is asked for (jku, jwk, x5u, x5c): only the three harmless ones pass.
bool is_acceptable_header(std::string_view text) {
  if (text == usual_header) return true;
  const auto header = parse_json(text, max_depth);
  if (!header || !header->is_object()) return false;
  bool named = false;
  for (const auto& [name, value] : header->items()) {
    if (!value.is_string()) return false;
    if (name == "alg") named = value.get_ref<const std::string&>() == "HS256";
    else if (name == "typ" ? !is_token_type(value) : name != "kid") return false;
  }
  return named;
}

// Whole seconds, cut towards zero as PyJWT's int(). Far values are clamped: they only need to compare rightly.
std::optional<std::int64_t> numeric_date(const json& value) {
  constexpr std::int64_t far = 1'000'000'000'000;
  if (value.is_number_unsigned()) return static_cast<std::int64_t>(std::min<std::uint64_t>(value.get<std::uint64_t>(), far));
  if (value.is_number_integer()) return std::max(value.get<std::int64_t>(), -far);
  if (!value.is_number_float()) return std::nullopt;
  const double seconds = value.get<double>();
  if (!std::isfinite(seconds)) return std::nullopt;
  return static_cast<std::int64_t>(std::clamp(seconds, -static_cast<double>(far), static_cast<double>(far)));
}

bool is_for(const json& audience, std::string_view ours) {
  if (audience.is_string()) return audience.get_ref<const std::string&>() == ours;
  if (!audience.is_array()) return false;
  bool found = false;
  for (const auto& item : audience) {
    if (!item.is_string()) return false;
    found |= item.get_ref<const std::string&>() == ours;
  }
  return found;
}

// False when the claim is there and is no date or lies ahead.
bool has_begun(const json& claims, const char* name, std::int64_t now_us, const JwtRules& rules) {
  const auto claim = claims.find(name);
  if (claim == claims.end()) return true;
  const auto seconds = numeric_date(*claim);
  return seconds && *seconds * 1'000'000 <= now_us + std::chrono::microseconds(rules.leeway).count();
}

std::optional<JwtFault> fault_of(const json& claims, Timestamp now, const JwtRules& rules) {
  const auto now_us = to_micros(now);
  if (!has_begun(claims, "iat", now_us, rules) || !has_begun(claims, "nbf", now_us, rules)) return JwtFault::invalid;
  const auto exp = claims.find("exp");
  const auto expiry = exp == claims.end() ? std::nullopt : numeric_date(*exp);
  if (!expiry) return JwtFault::invalid;
  if (*expiry * 1'000'000 <= now_us) return JwtFault::expired;
  if (const auto iss = claims.find("iss"); iss != claims.end() && (!iss->is_string() || *iss != rules.issuer))
    return JwtFault::invalid;
  if (const auto aud = claims.find("aud"); aud != claims.end() && !is_for(*aud, rules.audience)) return JwtFault::invalid;
  return std::nullopt;
}

}  // namespace

std::string sign_jwt(const nlohmann::ordered_json& claims, std::string_view key) {
  std::string token = base64url_encode(usual_header) + '.' + base64url_encode(claims.dump());
  const auto signature = hmac_sha256(key, token);
  return token + '.' + base64url_encode(signature);
}

std::variant<json, JwtFault> verify_jwt(std::string_view token, std::string_view key, Timestamp now,
                                        const JwtRules& rules) {
  if (token.size() > max_token_bytes) return JwtFault::invalid;
  const auto first = token.find('.');
  const auto second = token.find('.', first == token.npos ? first : first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return JwtFault::invalid;

  const auto header = base64url_decode(token.substr(0, first));
  const auto signature = base64url_decode(token.substr(second + 1));
  if (!header || !signature || !is_acceptable_header(*header)) return JwtFault::invalid;
  if (!equal_constant_time(*signature, hmac_sha256(key, token.substr(0, second)))) return JwtFault::invalid;

  const auto payload = base64url_decode(token.substr(first + 1, second - first - 1));
  auto claims = payload ? parse_json(*payload, max_depth) : std::nullopt;
  if (!claims || !claims->is_object()) return JwtFault::invalid;
  if (const auto fault = fault_of(*claims, now, rules)) return *fault;
  return std::move(*claims);
}

}  // namespace backend::support
