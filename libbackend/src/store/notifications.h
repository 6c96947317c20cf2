#pragma once
#include <backend/types.h>

#include <string_view>

namespace backend {
class Database;
}

namespace backend::store {

std::int64_t insert_notification(Database& db, UserId sender, std::string_view email, std::string_view message, Timestamp now);

}  // namespace backend::store
