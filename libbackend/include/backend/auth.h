#pragma once
#include <backend/types.h>
#include <backend/users.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backend {

class Clock;
class Database;
class PasswordHasher;
struct Settings;

struct NewUser {
  std::string email;
  std::string password;
  std::string full_name;
  std::optional<std::string> username;
};

struct AccessToken {
  std::string token;
  int expires_in = 0;  ///< seconds
};

struct TokenPair {
  AccessToken access;
  std::string refresh_token;  ///< opaque, shown once
};

/// The caller that a valid access token names.
struct Principal {
  UserId id = 0;
  std::optional<SessionId> session;  ///< none for tokens minted by other programs with the same key
};

/// Which password rules apply: the canonical ones, or those of the FastAPI backend that the root paths imitate.
enum class PasswordPolicy { standard, compat };

/// Registration, log-in and tokens. Thread-safe. Borrows its ports: each must outlive this object.
/// Passwords are hashed with bcrypt on the caller's thread, at most Settings::password_workers at a time; when
/// password_queue more wait, Error unavailable.
class Auth {
 public:
  Auth(Database& database, const Clock& clock, PasswordHasher& hasher, const Settings& settings);
  ~Auth();
  Auth(const Auth&) = delete;
  Auth& operator=(const Auth&) = delete;

  /// Creates an account. E-mail addresses are the same when equal after NFC and case folding; stored as given.
  /// Throws Error: invalid ("email", "password", "username", "full_name"), conflict ("email", "username").
  User register_user(const NewUser& user, PasswordPolicy policy = PasswordPolicy::standard);

  /// Checks `login` (an e-mail address or a username) and password; rehashes when the stored hash is weaker than the
  /// settings ask. Throws Error unauthenticated, with the same text and in the same time whether the account or
  /// the password is wrong; forbidden "Inactive user".
  User log_in(std::string_view login, std::string_view password);

  /// An access token for the account, as the FastAPI backend's clients expect it (claims user_id, email, exp among
  /// others; RFC 7519, HS256). Not tied to a session.
  AccessToken issue_access_token(const User& user);

  /// Starts a session: an access token and an opaque refresh token (256 bits, stored hashed).
  TokenPair start_session(const User& user);

  /// Exchanges a refresh token; the old one is spent. Throws Error unauthenticated.
  TokenPair refresh(std::string_view refresh_token);

  /// Ends the session that the refresh token belongs to; nothing happens when there is none.
  void log_out(std::string_view refresh_token);

  /// Ends the caller's session, if the token names one.
  void log_out(const Principal& caller);

  /// Checks an access token's form, signature and times only. Throws Error unauthenticated: "Token expired" or
  /// "Invalid token".
  Principal verify(std::string_view access_token) const;

  /// verify(), and the account must still exist ("Invalid token") and be active (Error forbidden "Inactive user"),
  /// and its session, if any, must not have ended ("Invalid token").
  Principal authenticate(std::string_view access_token) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace backend
