#include "http/context.h"
#include "http/schema.h"
#include "routes/registration.h"
#include "routes/render.h"
#include "routes/routes.h"

namespace backend::server {

const Schema<Registration> registration_schema{"Registration", {
    field("email", &Registration::email, email()),
    field("password", &Registration::password, secret().min(&Settings::password_min_length).max(&Settings::password_max_length)),
    field("username", &Registration::username, text().min(3).max(50)),
    field("full_name", &Registration::full_name, text().min(1).max(255)),
    field("name", &Registration::name, text().min(1).max(255)),
}};

namespace {

HttpResponse me(Context&);
HttpResponse list_users(Context&);
HttpResponse get_user(Context&);

struct UserPaging {
  std::int64_t skip = 0;
  int limit = 100;
};
const Schema<UserPaging> user_paging_schema{"UserPaging", {
    field("skip", &UserPaging::skip, integer().min(0), "0"),
    field("limit", &UserPaging::limit, integer().min(1).max(100), "100"),
}};

constexpr Route user_routes[] = {
    {Get, "/users/me", Access::user, me, "The caller's account", 200, {}, "User"},
    {Get, "/users", Access::user, list_users, "Accounts", 200, {.query = &user_paging_schema}, "UserList"},
    {Get, "/users/{id}", Access::user, get_user, "An account", 200, {}, "User"},
    {Post, "/users/", Access::none, register_user, "Create an account", Created, {.body = &registration_schema}, "User"},
};
constexpr RouteTable tables[] = {{Face::v1, "users", user_routes}};

HttpResponse me(Context& c) {
  const User user = c.backend.users().get(c.user());
  return c.json([&](JsonWriter& json) { render(json, user); });
}

HttpResponse list_users(Context& c) {
  const auto& in = c.query<UserPaging>();
  const auto users = c.backend.users().list(in.skip, in.limit);
  std::optional<std::int64_t> next;
  if (users.size() == static_cast<std::size_t>(in.limit)) next = in.skip + in.limit;
  return c.json([&](JsonWriter& json) { render_list(json, "users", users, next); });
}

HttpResponse get_user(Context& c) {
  const User user = c.backend.users().get(c.id("id"));
  return c.json([&](JsonWriter& json) { render(json, user); });
}

}  // namespace

HttpResponse register_user(Context& c) {
  const auto& in = c.body<Registration>();
  if (!in.full_name && !in.name) {
    Fault missing{"missing", {std::string("body"), std::string("full_name")}, "Field required", "null", {}};
    throw InvalidRequest{{std::move(missing)}};
  }
  const User user =
      c.backend.auth().register_user({in.email, in.password, in.full_name ? *in.full_name : *in.name, in.username});
  return c.json([&](JsonWriter& json) { render(json, user); });
}

std::span<const RouteTable> users_tables() { return tables; }

}  // namespace backend::server
