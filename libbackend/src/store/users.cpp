#include "store/users.h"

#include <backend/ports.h>

namespace backend::store {
namespace {

constexpr const char* columns = "id, email, username, full_name, is_active, is_verified, role, created_at, updated_at";
constexpr std::size_t column_count = 9;

User user_of(const Rows::Row& row) {
  return {row.integer(0), row.text(1),    row.optional_text(2), row.text(3), row.boolean(4),
          row.boolean(5), row.text(6), row.time(7),          row.time(8)};
}

std::vector<User> users_of(const Rows& rows) {
  std::vector<User> users;
  users.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) users.push_back(user_of(rows[i]));
  return users;
}

}  // namespace

std::optional<UserId> insert_user(Database& db, const UserRow& row) {
  const auto rows = db.query(
      "INSERT INTO users (email, email_key, username, username_key, password_hash, full_name, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING RETURNING id",
      {row.email, row.email_key, row.username, row.username_key, row.password_hash, row.full_name, row.created_at});
  if (rows.empty()) return std::nullopt;
  return rows[0].integer(0);
}

bool email_taken(Database& db, std::string_view email_key, std::string_view email) {
  return !db.query("SELECT 1 FROM users WHERE email_key IN ($1, $2) LIMIT 1", {email_key, email}).empty();
}

bool username_taken(Database& db, std::string_view username_key) {
  return !db.query("SELECT 1 FROM users WHERE username_key = $1", {username_key}).empty();
}

std::optional<User> find_user(Database& db, UserId id) {
  static const auto sql = std::string("SELECT ") + columns + " FROM users WHERE id = $1";
  const auto rows = db.query(sql, {id});
  if (rows.empty()) return std::nullopt;
  return user_of(rows[0]);
}

std::optional<Credentials> find_credentials(Database& db, std::string_view login, std::string_view login_key) {
  static const auto sql = std::string("SELECT ") + columns +
                          ", password_hash FROM users WHERE email_key IN ($1, $2) OR username_key = $1 "
                          "ORDER BY CASE WHEN email = $2 THEN 0 ELSE 1 END, id LIMIT 1";
  const auto rows = db.query(sql, {login_key, login});
  if (rows.empty()) return std::nullopt;
  return Credentials{user_of(rows[0]), rows[0].text(column_count)};
}

void replace_password_hash(Database& db, UserId id, std::string_view old_hash, std::string_view new_hash) {
  db.exec("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", {id, old_hash, new_hash});
}

std::vector<User> list_users(Database& db, std::int64_t skip, int limit) {
  static const auto sql = std::string("SELECT ") + columns + " FROM users ORDER BY id LIMIT $2 OFFSET $1";
  return users_of(db.query(sql, {skip, limit}));
}

std::vector<User> list_other_users(Database& db, UserId caller) {
  static const auto sql = std::string("SELECT ") + columns + " FROM users WHERE id <> $1 ORDER BY id";
  return users_of(db.query(sql, {caller}));
}

std::optional<AccountState> account_state(Database& db, UserId id, std::optional<SessionId> session) {
  const auto rows = session ? db.query(
                                  "SELECT u.is_active, s.id FROM users u LEFT JOIN sessions s ON s.id = $2 AND "
                                  "s.user_id = u.id AND s.ended_at IS NULL WHERE u.id = $1",
                                  {id, *session})
                            : db.query("SELECT is_active, NULL FROM users WHERE id = $1", {id});
  if (rows.empty()) return std::nullopt;
  return AccountState{rows[0].boolean(0), !rows[0].is_null(1)};
}

}  // namespace backend::store
