#include "host.h"

#include <backend/ports.h>

namespace backend {
namespace {

using testing_host::field_of;

BACKEND_ON_EACH_ENGINE(NotificationsService);

TEST_P(NotificationsService, QueuesDurably) {
  const auto a = make_user("a");
  const auto id = backend_->notifications().queue(a.id, " Jane <jane@example.com> ", "hello");
  const auto rows = backend_->database().query("SELECT sender_id, email, message, status FROM notifications WHERE id = $1", {id});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].integer(0), a.id);
  EXPECT_EQ(rows[0].text(1), "jane@example.com");
  EXPECT_EQ(rows[0].text(2), "hello");
  EXPECT_EQ(rows[0].text(3), "queued");
}

TEST_P(NotificationsService, ChecksAddressAndText) {
  auto& notifications = backend_->notifications();
  EXPECT_EQ(field_of([&] { notifications.queue(1, "nobody", "x"); }), "email");
  EXPECT_EQ(field_of([&] { notifications.queue(1, "a@example.com\nBcc: b@example.com", "x"); }), "email");
  EXPECT_EQ(field_of([&] { notifications.queue(1, "a@example.com", ""); }), "message");
  EXPECT_EQ(field_of([&] { notifications.queue(1, "a@example.com", std::string(10001, 'x')); }), "message");
}

}  // namespace
}  // namespace backend
