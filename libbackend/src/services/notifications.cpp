#include <backend/notifications.h>

#include <backend/email.h>
#include <backend/ports.h>

#include "services/checks.h"
#include "store/notifications.h"

namespace backend {

std::int64_t Notifications::queue(UserId sender, std::string_view email, std::string_view message) {
  const auto check = check_email(email);
  if (!check.valid) services::refuse("value is not a valid email address: " + check.reason, "email");
  services::check_text(message, 1, 10000, "message");
  return store::insert_notification(database_, sender, check.address, message, clock_.now());
}

}  // namespace backend
