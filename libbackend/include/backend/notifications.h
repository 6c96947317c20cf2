#pragma once
#include <backend/types.h>

#include <string_view>

namespace backend {

class Clock;
class Database;

/// Mail to be sent. Thread-safe. Borrows its ports: each must outlive this object.
class Notifications {
 public:
  Notifications(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  /// Puts a message into the durable outbox (table `notifications`) and returns its number. Delivery is the
  /// business of whoever reads the outbox.
  /// Throws Error invalid ("email", "message": 1..10000 code points).
  std::int64_t queue(UserId sender, std::string_view email, std::string_view message);

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace backend
