#include <backend/auth.h>

#include <backend/email.h>
#include <backend/error.h>
#include <backend/ports.h>
#include <backend/settings.h>

#include "services/access_tokens.h"
#include "services/account_rules.h"
#include "services/checks.h"
#include "store/sessions.h"
#include "store/users.h"
#include "support/base64.h"
#include "support/digest.h"
#include "support/password.h"
#include "support/random.h"
#include "support/text.h"
#include "support/utf8.h"

namespace backend {
namespace {

constexpr std::size_t refresh_token_bytes = 32;
constexpr std::size_t max_login_bytes = 1024;

[[noreturn]] void refuse_login() { throw Error(ErrorCode::unauthenticated, "Incorrect username or password"); }
[[noreturn]] void refuse_token() { throw Error(ErrorCode::unauthenticated, "Invalid token"); }
[[noreturn]] void refuse_refresh() { throw Error(ErrorCode::unauthenticated, "Invalid refresh token"); }
[[noreturn]] void refuse_inactive() { throw Error(ErrorCode::forbidden, "Inactive user"); }

// What could be somebody's login; anything else is nobody's.
bool is_plausible_login(std::string_view login) {
  return !login.empty() && login.size() <= max_login_bytes && login.find('\0') == login.npos && support::is_valid_utf8(login);
}

}  // namespace

struct Auth::Impl {
  Database& database;
  const Clock& clock;
  PasswordHasher& hasher;
  const Settings& settings;

  AccessToken access_token(const User& user, std::optional<SessionId> session) const {
    return {services::sign_access_token(user, session, clock.now(), settings), settings.access_token_expire_minutes * 60};
  }

  Timestamp refresh_expiry(Timestamp now) const { return now + std::chrono::days(settings.refresh_token_expire_days); }

  [[noreturn]] void refuse_taken(const store::UserRow& row) {
    if (store::email_taken(database, row.email_key, row.email)) throw Error(ErrorCode::conflict, "Email already registered", "email");
    throw Error(ErrorCode::conflict, "Username already taken", "username");
  }

  void check_free(const store::UserRow& row) {
    const bool taken = store::email_taken(database, row.email_key, row.email) ||
                       (row.username_key && store::username_taken(database, *row.username_key));
    if (taken) refuse_taken(row);
  }

  // A log-in must not fail because its improvement could not be made now.
  void strengthen(const store::Credentials& account, std::string_view password) {
    if (!hasher.is_outdated(account.password_hash)) return;
    try {
      store::replace_password_hash(database, account.user.id, account.password_hash, hasher.hash(password));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) throw;
    }
  }
};

Auth::Auth(Database& database, const Clock& clock, PasswordHasher& hasher, const Settings& settings)
    : impl_(new Impl{database, clock, hasher, settings}) {}
Auth::~Auth() = default;

User Auth::register_user(const NewUser& user, PasswordPolicy policy) {
  const auto email = check_email(user.email);
  if (!email.valid) services::refuse("value is not a valid email address: " + email.reason, "email");
  services::check_password(user.password, policy, impl_->settings);
  if (user.username) services::check_username(*user.username);
  services::check_full_name(user.full_name);

  // The FastAPI backend stored what pydantic's EmailStr handed on.
  const auto& address = policy == PasswordPolicy::compat ? email.normalized : email.address;
  const auto email_key = fold(address);
  store::UserRow row{address, email_key, user.username, {}, {}, user.full_name, impl_->clock.now()};
  if (user.username) row.username_key = fold(*user.username);
  impl_->check_free(row);  // before the expensive part; the unique keys decide
  const auto hash = impl_->hasher.hash(user.password);
  row.password_hash = hash;
  const auto id = store::insert_user(impl_->database, row);
  if (!id) impl_->refuse_taken(row);
  return {*id, address, user.username, user.full_name, true, false, "user", row.created_at, row.created_at};
}

User Auth::log_in(std::string_view login, std::string_view password) {
  std::optional<store::Credentials> account;
  if (is_plausible_login(login)) account = store::find_credentials(impl_->database, login, fold(login));
  if (!account) {
    impl_->hasher.verify_nothing(password);
    refuse_login();
  }
  if (!impl_->hasher.verify(password, account->password_hash)) refuse_login();
  if (!account->user.is_active) refuse_inactive();
  impl_->strengthen(*account, password);
  return std::move(account->user);
}

AccessToken Auth::issue_access_token(const User& user) { return impl_->access_token(user, std::nullopt); }

TokenPair Auth::start_session(const User& user) {
  auto token = support::base64url_encode(support::random_bytes(refresh_token_bytes));
  const auto now = impl_->clock.now();
  const auto session =
      store::insert_session(impl_->database, user.id, support::sha256_hex(token), now, impl_->refresh_expiry(now));
  return {impl_->access_token(user, session), std::move(token)};
}

TokenPair Auth::refresh(std::string_view refresh_token) {
  auto token = support::base64url_encode(support::random_bytes(refresh_token_bytes));
  const auto now = impl_->clock.now();
  const auto spent = support::sha256_hex(refresh_token), fresh = support::sha256_hex(token);
  AccessToken access;
  impl_->database.transaction([&](Database& db) {
    const auto session = store::rotate_session(db, spent, fresh, now, impl_->refresh_expiry(now));
    if (!session) refuse_refresh();
    const auto user = store::find_user(db, session->user_id);
    if (!user) refuse_refresh();
    if (!user->is_active) refuse_inactive();
    access = impl_->access_token(*user, session->id);
  });
  return {std::move(access), std::move(token)};
}

void Auth::log_out(std::string_view refresh_token) {
  store::end_session(impl_->database, support::sha256_hex(refresh_token), impl_->clock.now());
}

void Auth::log_out(const Principal& caller) {
  if (caller.session) store::end_session(impl_->database, caller.id, *caller.session, impl_->clock.now());
}

Principal Auth::verify(std::string_view access_token) const {
  return services::principal_of(access_token, impl_->clock.now(), impl_->settings);
}

Principal Auth::authenticate(std::string_view access_token) const {
  const auto caller = verify(access_token);
  const auto account = store::account_state(impl_->database, caller.id, caller.session);
  if (!account || (caller.session && !account->session_open)) refuse_token();
  if (!account->is_active) refuse_inactive();
  return caller;
}

}  // namespace backend
