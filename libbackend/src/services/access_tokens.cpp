#include "services/access_tokens.h"

#include <backend/error.h>
#include <backend/settings.h>

#include "support/base64.h"
#include "support/jwt.h"
#include "support/random.h"

#include <charconv>

namespace backend::services {
namespace {

using nlohmann::json;

constexpr std::size_t token_id_bytes = 16;

[[noreturn]] void refuse(const char* why) { throw Error(ErrorCode::unauthenticated, why); }

// A positive decimal number, written the one way that we write it.
std::optional<std::int64_t> number_of(const std::string& digits) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (fault != std::errc() || std::to_string(value) != digits || end == digits.data()) return std::nullopt;
  return value;
}

// nullopt: the claim is not there. Throws when it is there and no number of the form that the claim has.
std::optional<std::int64_t> identity(const json& claims, const char* name, bool as_text) {
  const auto claim = claims.find(name);
  if (claim == claims.end()) return std::nullopt;
  if (as_text && claim->is_string())
    if (const auto id = number_of(claim->get_ref<const std::string&>())) return id;
  const bool fits = claim->is_number_integer() && (!claim->is_number_unsigned() || claim->get<std::uint64_t>() <= INT64_MAX);
  if (as_text || !fits) refuse("Invalid token");
  return claim->get<std::int64_t>();
}

Principal principal_of(const json& claims) {
  if (const auto type = claims.find("type"); type != claims.end() && *type != "access") refuse("Invalid token");
  const auto sub = identity(claims, "sub", true);
  const auto user_id = identity(claims, "user_id", false);
  if (!sub && !user_id) refuse("Invalid token");
  if (sub && user_id && *sub != *user_id) refuse("Invalid token");
  return {sub ? *sub : *user_id, identity(claims, "sid", true)};
}

}  // namespace

std::string sign_access_token(const User& user, std::optional<SessionId> session, Timestamp now, const Settings& settings) {
  const auto issued = std::chrono::floor<std::chrono::seconds>(now);
  const auto expires = issued + std::chrono::minutes(settings.access_token_expire_minutes);
  nlohmann::ordered_json claims{{"sub", std::to_string(user.id)}, {"type", "access"}, {"iss", settings.jwt_issuer}};
  if (session) claims["aud"] = settings.jwt_audience;
  claims["iat"] = issued.time_since_epoch().count();
  claims["exp"] = expires.time_since_epoch().count();
  claims["jti"] = support::base64url_encode(support::random_bytes(token_id_bytes));
  claims["scope"] = user.role;
  if (session) claims["sid"] = std::to_string(*session);
  claims["user_id"] = user.id;
  claims["email"] = user.email;
  return support::sign_jwt(claims, settings.secret_key);
}

Principal principal_of(std::string_view token, Timestamp now, const Settings& settings) {
  const support::JwtRules rules{settings.jwt_issuer, settings.jwt_audience, std::chrono::seconds(settings.jwt_leeway_seconds)};
  const auto checked = support::verify_jwt(token, settings.secret_key, now, rules);
  if (const auto* fault = std::get_if<support::JwtFault>(&checked))
    refuse(*fault == support::JwtFault::expired ? "Token expired" : "Invalid token");
  return principal_of(std::get<json>(checked));
}

}  // namespace backend::services
