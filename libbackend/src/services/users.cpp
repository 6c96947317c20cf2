#include <backend/users.h>

#include <backend/error.h>

#include "services/checks.h"
#include "store/users.h"

#include <limits>

namespace backend {

std::optional<User> Users::find(UserId id) const { return store::find_user(database_, id); }

User Users::get(UserId id) const {
  auto user = find(id);
  if (!user) throw Error(ErrorCode::not_found, "User not found");
  return std::move(*user);
}

std::vector<User> Users::list(std::int64_t skip, int limit) const {
  services::check_range(skip, 0, std::numeric_limits<std::int64_t>::max(), "skip");
  services::check_range(limit, 1, 100, "limit");
  return store::list_users(database_, skip, limit);
}

std::vector<User> Users::others(UserId caller) const { return store::list_other_users(database_, caller); }

}  // namespace backend
