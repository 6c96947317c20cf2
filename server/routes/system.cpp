#include "http/application.h"
#include "routes/routes.h"

namespace backend::server {
namespace {

HttpResponse health(Context&);
HttpResponse ready(Context&);
HttpResponse openapi(Context&);
HttpResponse about(Context&);

constexpr Route health_routes[] = {
    {Get, "/health", Access::none, health, "Health", 200, {}, "Health"},
    {Get, "/health/live", Access::none, health, "The process answers", 200, {}, "Health"},
    {Get, "/health/ready", Access::none, ready, "Requests can be served: 200, else 503", 200, {}, "Health"},
    {Get, "/openapi.json", Access::none, openapi, "This document"},
};
constexpr Route about_routes[] = {
    {Get, "/", Access::none, about, "What this API is", 200, {}, "ApiInfo"},
};
constexpr RouteTable tables[] = {
    {Face::compat, "system", health_routes}, {Face::v1, "system", health_routes}, {Face::v1, "system", about_routes}};

HttpResponse status_answer(int status, std::string_view word) {
  HttpResponse response = json_response(status, "{\"status\":" + json_quoted(word) + "}");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

HttpResponse health(Context&) { return status_answer(200, "OK"); }

HttpResponse ready(Context& c) {
  if (!c.application.draining() && c.backend.ready()) return status_answer(200, "OK");
  HttpResponse response = status_answer(503, "unavailable");
  response.headers.set("Retry-After", "1");
  return response;
}

HttpResponse openapi(Context& c) { return json_response(200, c.application.openapi_json()); }

HttpResponse about(Context& c) {
  const Settings& settings = c.backend.settings();
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("message", "Welcome to " + settings.project_name);
      json.member("version", settings.version);
      json.member("docs", "/docs");
    });
  });
}

}  // namespace

std::span<const RouteTable> system_tables() { return tables; }

}  // namespace backend::server
