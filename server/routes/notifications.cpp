#include "http/context.h"
#include "http/schema.h"
#include "routes/routes.h"

namespace backend::server {
namespace {

HttpResponse notify(Context&);

struct NewNotification {
  std::string email, message;
};
const Schema<NewNotification> notification_schema{"NewNotification", {
    field("email", &NewNotification::email, email()),
    field("message", &NewNotification::message, text().min(1).max(10000)),
}};

constexpr Route notification_routes[] = {
    {Post, "/notifications", Access::user, notify, "Queue an e-mail", Accepted, {.body = &notification_schema}, "Queued"},
};
constexpr RouteTable tables[] = {{Face::v1, "notifications", notification_routes}};

HttpResponse notify(Context& c) {
  const auto& in = c.body<NewNotification>();
  const std::int64_t id = c.backend.notifications().queue(c.user(), in.email, in.message);
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("id", id);
      json.member("message", "Notification queued");
    });
  });
}

}  // namespace

std::span<const RouteTable> notifications_tables() { return tables; }

}  // namespace backend::server
