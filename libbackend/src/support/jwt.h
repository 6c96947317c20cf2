#pragma once
#include <backend/types.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace backend::support {

/// JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256 (RFC 7515, "HS256"), the only algorithm there is here: a
/// token's header can only agree.
std::string sign_jwt(const nlohmann::ordered_json& claims, std::string_view key);

struct JwtRules {
  std::string_view issuer;    ///< `iss`, when present, must be this
  std::string_view audience;  ///< `aud`, when present, must be or contain this
  std::chrono::seconds leeway{0};  ///< for `nbf` and `iat`; `exp` has none
};

enum class JwtFault { invalid, expired };

/// The claims of a token that is well-formed, signed with `key` and in force at `now`. `exp` is required.
std::variant<nlohmann::json, JwtFault> verify_jwt(std::string_view token, std::string_view key, Timestamp now,
                                                  const JwtRules& rules);

}  // namespace backend::support
