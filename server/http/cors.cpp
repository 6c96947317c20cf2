#include "http/cors.h"

#include <algorithm>

namespace backend::server {
namespace {

constexpr std::string_view methods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
constexpr auto exposed = "Content-Disposition, ETag, Retry-After, X-Request-ID, X-Process-Time";

bool is_method(std::string_view name) {
  if (name.empty() || name.find_first_of(", ") != std::string_view::npos) return false;
  const std::string padded = ", " + std::string(methods) + ",";
  return padded.find(", " + std::string(name) + ",") != std::string::npos;
}

}  // namespace

Cors::Cors(std::vector<std::string> origins, bool credentials)
    : origins_(std::move(origins)),
      any_(std::find(origins_.begin(), origins_.end(), "*") != origins_.end()),
      credentials_(credentials && !any_) {}

bool Cors::allows(std::string_view origin) const {
  return any_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void Cors::allow(std::string_view origin, HttpResponse& response) const {
  if (!allows(origin)) return;
  response.headers.set("Access-Control-Allow-Origin", any_ ? "*" : std::string(origin));
  if (credentials_) response.headers.set("Access-Control-Allow-Credentials", "true");
}

std::optional<HttpResponse> Cors::preflight(const HttpRequest& request) const {
  const std::string* origin = request.headers.find("Origin");
  const std::string* method = request.headers.find("Access-Control-Request-Method");
  if (request.method != "OPTIONS" || !origin || !method) return std::nullopt;

  HttpResponse response;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.headers.set("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  response.headers.set("Access-Control-Allow-Methods", std::string(methods));
  response.headers.set("Access-Control-Max-Age", "600");
  allow(*origin, response);
  if (const std::string* wanted = request.headers.find("Access-Control-Request-Headers"))
    response.headers.set("Access-Control-Allow-Headers", *wanted);

  std::string failures = allows(*origin) ? "" : "origin";
  if (!is_method(*method)) failures += failures.empty() ? "method" : ", method";
  response.status = failures.empty() ? 200 : 400;
  response.body = failures.empty() ? "OK" : "Disallowed CORS " + failures;
  return response;
}

void Cors::decorate(const HttpRequest& request, HttpResponse& response) const {
  if (!any_) {
    const std::string_view vary = response.headers.get("Vary");
    response.headers.set("Vary", vary.empty() ? "Origin" : std::string(vary) + ", Origin");
  }
  const std::string* origin = request.headers.find("Origin");
  if (!origin || !allows(*origin)) return;
  allow(*origin, response);
  response.headers.set("Access-Control-Expose-Headers", exposed);
}

}  // namespace backend::server
