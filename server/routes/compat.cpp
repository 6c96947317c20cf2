// The root paths, as the FastAPI backend answered them: order of members included. Calls that bring a file are in
// compat_pdf.cpp.
#include "http/context.h"
#include "http/schema.h"
#include "routes/routes.h"

namespace backend::server {
namespace {

HttpResponse welcome(Context&);
HttpResponse register_account(Context&);
HttpResponse log_in(Context&);
HttpResponse greet(Context&);
HttpResponse me(Context&);
HttpResponse other_users(Context&);
HttpResponse send_message(Context&);
HttpResponse conversation(Context&);
HttpResponse message_page(Context&);
HttpResponse documents(Context&);
HttpResponse document_text(Context&);
HttpResponse notify(Context&);

struct UserCreate {
  std::string email, password, name;
};
const Schema<UserCreate> user_create_schema{"UserCreate", {
    field("email", &UserCreate::email, email().normalized()),
    field("password", &UserCreate::password, secret().min(&Settings::compat_password_min_length)),
    field("name", &UserCreate::name, text().max(255)),
}};

struct UserLogin {
  std::string email, password;
};
const Schema<UserLogin> user_login_schema{"UserLogin", {
    field("email", &UserLogin::email, email().normalized()),
    field("password", &UserLogin::password, secret()),
}};

struct MessageCreate {
  std::string content;
  UserId recipient_id = 0;
};
const Schema<MessageCreate> message_create_schema{"MessageCreate", {
    field("content", &MessageCreate::content, text().min(1).max(&Settings::message_max_length)),
    field("recipient_id", &MessageCreate::recipient_id, identifier()),
}};

struct Paging {
  std::int64_t page = 1, limit = 20;
};
constexpr std::int64_t last_page = std::int64_t{1} << 53;
const Schema<Paging> paging_schema{"Paging", {
    field("page", &Paging::page, integer().min(1).max(last_page), "1"),
    field("limit", &Paging::limit, integer().min(0), "20"),
}};

struct Notification {
  std::string email, message;
};
const Schema<Notification> notification_schema{"Notification", {
    field("email", &Notification::email, text()),
    field("message", &Notification::message, text()),
}};

constexpr Route account_routes[] = {
    {Post, "/register", Access::none, register_account, "Register", 200, {.body = &user_create_schema}, "Token"},
    {Post, "/login", Access::none, log_in, "Login", 200, {.body = &user_login_schema}, "Token"},
};
constexpr Route routes[] = {
    {Get, "/", Access::none, welcome, "Read Root", 200, {}, "Notice"},
    {Get, "/protected", Access::user, greet, "Protected Route", 200, {}, "Notice"},
    {Get, "/me", Access::token, me, "Me", 200, {}, "CompatUser"},  // a token whose account is gone: 404
    {Get, "/users", Access::user, other_users, "Users", 200, {}, "CompatUsers"},
    {Post, "/messages", Access::user, send_message, "Send Message", 200, {.body = &message_create_schema}, "Queued"},
    {Get, "/messages/{user_id}", Access::user, conversation, "Get Messages"},
    {Get, "/messages", Access::user, message_page, "Paginated", 200, {.query = &paging_schema}},
    {Get, "/documents", Access::user, documents, "Documents"},
    {Get, "/documents/{document_id}/text", Access::user, document_text, "Document Text", 200, {}, "DocumentText"},
    {Post, "/send-notification", Access::user, notify, "Send Notification", 200, {.query = &notification_schema}, "Notice"},
};
constexpr RouteTable tables[] = {{Face::compat, "auth", account_routes}, {Face::compat, "root", routes}};

HttpResponse notice(const Context& c, std::string_view message) {
  return c.json([&](JsonWriter& json) { json.object([&] { json.member("message", message); }); });
}

HttpResponse token(const Context& c, const User& user) {
  const AccessToken access = c.backend.auth().issue_access_token(user);
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("access_token", access.token);
      json.member("token_type", "bearer");
      json.member("expires_in", access.expires_in);
    });
  });
}

void render_user(JsonWriter& json, const User& user) {
  json.object([&] {
    json.member("id", user.id);
    json.member("email", user.email);
    json.member("name", user.full_name);
    json.member("created_at", to_naive_iso8601(user.created_at));
  });
}

enum class SenderName { left_out, shown };

void render_message(JsonWriter& json, const Message& message, SenderName sender) {
  json.object([&] {
    json.member("id", message.id);
    json.member("sender_id", message.sender_id);
    json.member("recipient_id", message.recipient_id);
    json.member("content", message.content);
    json.member("created_at", to_naive_iso8601(message.created_at));
    if (sender == SenderName::shown) json.member("sender_name", message.sender_name);
  });
}

HttpResponse welcome(Context& c) { return notice(c, "Welcome to the API"); }

HttpResponse register_account(Context& c) {
  const auto& in = c.body<UserCreate>();
  try {
    return token(c, c.backend.auth().register_user({in.email, in.password, in.name, {}}, PasswordPolicy::compat));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::conflict) throw HttpError(400, "Email already registered");
    throw;
  }
}

HttpResponse log_in(Context& c) {
  const auto& in = c.body<UserLogin>();
  try {
    return token(c, c.backend.auth().log_in(in.email, in.password));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unauthenticated) throw HttpError(401, "Invalid credentials");
    throw;
  }
}

HttpResponse greet(Context& c) { return notice(c, "Hello user " + std::to_string(c.user())); }

HttpResponse me(Context& c) {
  const User user = c.backend.users().get(c.user());
  c.authenticated();  // that the account is there does not say that its session still is
  return c.json([&](JsonWriter& json) { render_user(json, user); });
}

HttpResponse other_users(Context& c) {
  const auto users = c.backend.users().others(c.user());
  return c.json([&](JsonWriter& json) { json.array_of(users, [&](const User& user) { render_user(json, user); }); });
}

HttpResponse send_message(Context& c) {
  const auto& in = c.body<MessageCreate>();
  const Message sent = c.backend.messages().send(c.user(), in.recipient_id, in.content);
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("id", sent.id);
      json.member("message", "Message sent successfully");
    });
  });
}

HttpResponse conversation(Context& c) {
  const auto messages = c.backend.messages().conversation(c.user(), c.id("user_id"));
  return c.json([&](JsonWriter& json) {
    json.array_of(messages, [&](const Message& message) { render_message(json, message, SenderName::shown); });
  });
}

HttpResponse message_page(Context& c) {
  const auto& in = c.query<Paging>();
  const auto messages = c.backend.messages().page(c.user(), in.page, in.limit);
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.key("messages").array_of(
          messages, [&](const Message& message) { render_message(json, message, SenderName::left_out); });
      json.member("page", in.page);
      json.member("limit", in.limit);
    });
  });
}

HttpResponse documents(Context& c) {
  const auto all = c.backend.documents().all(c.user());
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.key("documents").array_of(all, [&](const Document& document) {
        json.object([&] {
          json.member("id", document.id);
          json.member("filename", document.filename);
          json.member("page_count", document.page_count);
          json.member("file_size", document.file_size);
          json.member("created_at", to_naive_iso8601(document.created_at));
        });
      });
    });
  });
}

HttpResponse document_text(Context& c) {
  const std::string text = c.backend.documents().text(c.user(), c.id("document_id"));
  if (text.empty()) throw HttpError(404, "Document not found");  // as the FastAPI backend has it
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("document_id", c.id("document_id"));
      json.member("text", text);
    });
  });
}

HttpResponse notify(Context& c) {
  const auto& in = c.query<Notification>();
  c.backend.notifications().queue(c.user(), in.email, in.message);
  return notice(c, "Notification queued");
}

}  // namespace

std::span<const RouteTable> compat_tables() { return tables; }

}  // namespace backend::server
