#include "store/notifications.h"

#include <backend/ports.h>

namespace backend::store {

std::int64_t insert_notification(Database& db, UserId sender, std::string_view email, std::string_view message, Timestamp now) {
  return db
      .query("INSERT INTO notifications (sender_id, email, message, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
             {sender, email, message, now})[0]
      .integer(0);
}

}  // namespace backend::store
