#pragma once
#include <backend/types.h>

#include <optional>
#include <string>
#include <vector>

namespace backend {

class Clock;
class Database;

struct User {
  UserId id = 0;
  std::string email;
  std::optional<std::string> username;
  std::string full_name;
  bool is_active = true;
  bool is_verified = false;
  std::string role = "user";
  Timestamp created_at{};
  Timestamp updated_at{};
};

/// Accounts as others see them. Thread-safe. Borrows its database: it must outlive this object.
class Users {
 public:
  explicit Users(Database& database) : database_(database) {}

  /// Nothing when there is none.
  std::optional<User> find(UserId id) const;

  /// As find(); throws Error not_found "User not found".
  User get(UserId id) const;

  /// Ascending by id. `limit` 1..100 and `skip` >= 0, else Error invalid ("limit", "skip").
  std::vector<User> list(std::int64_t skip = 0, int limit = 100) const;

  /// Everybody but `caller`, ascending by id.
  std::vector<User> others(UserId caller) const;

 private:
  Database& database_;
};

}  // namespace backend
