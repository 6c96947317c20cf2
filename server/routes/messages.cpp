#include <backend/messages.h>

#include "http/context.h"
#include "http/schema.h"
#include "routes/render.h"
#include "routes/routes.h"

namespace backend::server {
namespace {

HttpResponse send_message(Context&);
HttpResponse list_messages(Context&);

struct NewMessage {
  UserId recipient_id = 0;
  std::string content;
  std::optional<std::string> client_id;
};
const Schema<NewMessage> new_message_schema{"NewMessage", {
    field("recipient_id", &NewMessage::recipient_id, identifier()),
    field("content", &NewMessage::content, text().min(1).max(&Settings::message_max_length)),
    field("client_id", &NewMessage::client_id, text().min(1).max(64)),
}};

const Schema<MessageQuery> message_query_schema{"MessageQuery", {
    field("with", &MessageQuery::with, identifier()),
    field("before", &MessageQuery::before, identifier().min(1)),
    field("after", &MessageQuery::after, identifier().min(0)),
    field("limit", &MessageQuery::limit, integer().min(1).max(100), "20"),
}};

constexpr Route message_routes[] = {
    {Post, "/messages", Access::user, send_message, "Send a direct message", Created, {.body = &new_message_schema}, "Message"},
    {Get, "/messages", Access::user, list_messages, "The caller's messages", 200, {.query = &message_query_schema}, "MessageList"},
};
constexpr RouteTable tables[] = {{Face::v1, "messages", message_routes}};

HttpResponse send_message(Context& c) {
  const auto& in = c.body<NewMessage>();
  const Message sent = c.backend.messages().send(c.user(), in.recipient_id, in.content, in.client_id.value_or(""));
  return c.json([&](JsonWriter& json) { render(json, sent); });
}

HttpResponse list_messages(Context& c) {
  const MessagePage page = c.backend.messages().list(c.user(), c.query<MessageQuery>());
  return c.json([&](JsonWriter& json) { render_list(json, "messages", page.messages, page.next); });
}

}  // namespace

std::span<const RouteTable> messages_tables() { return tables; }

}  // namespace backend::server
