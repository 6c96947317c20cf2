#pragma once
#include <backend/auth.h>

#include <optional>
#include <string>
#include <string_view>

namespace backend::services {

/// Which claims our access tokens have and which ones we believe.
///
/// A session's token: sub, type=access, iss, aud, iat, exp, jti, scope, sid, user_id, email. One without a session leaves
/// `aud` and `sid` out: the FastAPI backend's own check (PyJWT without an audience) refuses a token that names one.
std::string sign_access_token(const User& user, std::optional<SessionId> session, Timestamp now, const Settings& settings);

/// Accepts our tokens and those that the FastAPI backend made (user_id, email, exp). Throws Error unauthenticated.
Principal principal_of(std::string_view token, Timestamp now, const Settings& settings);

}  // namespace backend::services
