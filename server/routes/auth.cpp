#include "http/context.h"
#include "http/schema.h"
#include "routes/registration.h"
#include "routes/render.h"
#include "routes/routes.h"

namespace backend::server {
namespace {

HttpResponse log_in(Context&);
HttpResponse refresh(Context&);
HttpResponse log_out(Context&);

struct Login {
  std::string email, password;
};
const Schema<Login> login_schema{"Login", {
    field("email", &Login::email, email()),
    field("password", &Login::password, secret()),
}};

/// RFC 6749 §4.3.2; `username` is an e-mail address or a username.
struct PasswordGrant {
  std::optional<std::string> grant_type, scope, client_id, client_secret;
  std::string username, password;
};
const Schema<PasswordGrant> password_grant_schema{"PasswordGrant", {
    field("grant_type", &PasswordGrant::grant_type, choice({"password"})),
    field("username", &PasswordGrant::username, text()),
    field("password", &PasswordGrant::password, secret()),
    field("scope", &PasswordGrant::scope, text()),
    field("client_id", &PasswordGrant::client_id, text()),
    field("client_secret", &PasswordGrant::client_secret, secret()),
}};

struct RefreshToken {
  std::string refresh_token;
};
const Schema<RefreshToken> refresh_schema{"RefreshToken", {
    field("refresh_token", &RefreshToken::refresh_token, text().min(1)),
}};

constexpr Inputs login_input{.body = &login_schema, .form = &password_grant_schema};

constexpr Route auth_routes[] = {
    {Post, "/auth/register", Access::none, register_user, "Create an account", Created, {.body = &registration_schema}, "User"},
    {Post, "/auth/login", Access::none, log_in, "Log in", 200, login_input, "TokenPair"},
    {Post, "/auth/token", Access::none, log_in, "Log in with the OAuth2 password form", 200, login_input, "TokenPair"},
    {Post, "/auth/refresh", Access::none, refresh, "Exchange a refresh token", 200, {.body = &refresh_schema}, "TokenPair"},
    {Post, "/auth/logout", Access::none, log_out, "End a session: the refresh token's, or the caller's", NoContent,
     {.body = &refresh_schema, .body_optional = true}},
};
constexpr RouteTable tables[] = {{Face::v1, "auth", auth_routes}};

HttpResponse token_pair(const Context& c, const TokenPair& tokens) {
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("access_token", tokens.access.token);
      json.member("refresh_token", tokens.refresh_token);
      json.member("token_type", "bearer");
      json.member("expires_in", tokens.access.expires_in);
    });
  });
}

HttpResponse log_in(Context& c) {
  Auth& auth = c.backend.auth();
  if (const auto* form = c.optional_form<PasswordGrant>())
    return token_pair(c, auth.start_session(auth.log_in(form->username, form->password)));
  const auto& in = c.body<Login>();
  return token_pair(c, auth.start_session(auth.log_in(in.email, in.password)));
}

HttpResponse refresh(Context& c) {
  return token_pair(c, c.backend.auth().refresh(c.body<RefreshToken>().refresh_token));
}

HttpResponse log_out(Context& c) {
  if (const auto* in = c.optional_body<RefreshToken>())
    c.backend.auth().log_out(in->refresh_token);
  else
    c.backend.auth().log_out(c.authenticated());
  return c.empty();
}

}  // namespace

std::span<const RouteTable> auth_tables() { return tables; }

}  // namespace backend::server
