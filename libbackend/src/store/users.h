#pragma once
#include <backend/users.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backend {
class Database;
}

namespace backend::store {

struct UserRow {
  std::string_view email, email_key;
  std::optional<std::string> username, username_key;
  std::string_view password_hash, full_name;
  Timestamp created_at{};
};

struct Credentials {
  User user;
  std::string password_hash;
};

/// What an access token's account is like now.
struct AccountState {
  bool is_active = false;
  bool session_open = false;  ///< false when no session was asked about
};

/// Nothing when a unique key is taken.
std::optional<UserId> insert_user(Database& db, const UserRow& row);
bool email_taken(Database& db, std::string_view email_key, std::string_view email);
bool username_taken(Database& db, std::string_view username_key);
std::optional<User> find_user(Database& db, UserId id);
/// `login` as typed and folded; an address equal to it as typed comes first (see adopt).
std::optional<Credentials> find_credentials(Database& db, std::string_view login, std::string_view login_key);
/// Only while `old_hash` is still the one in force.
void replace_password_hash(Database& db, UserId id, std::string_view old_hash, std::string_view new_hash);
std::vector<User> list_users(Database& db, std::int64_t skip, int limit);
std::vector<User> list_other_users(Database& db, UserId caller);
std::optional<AccountState> account_state(Database& db, UserId id, std::optional<SessionId> session);

}  // namespace backend::store
