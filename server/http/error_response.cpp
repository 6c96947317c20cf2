#include "http/error_response.h"

#include "http/json_writer.h"
#include "http/schema.h"

namespace backend::server {
namespace {

/// Where a request holds the field that a service refused.
std::string_view place_of(std::string_view field, const Route* route) {
  if (!route) return "body";
  if (route->in.query)
    for (const FieldSpec& spec : route->in.query->fields())
      if (spec.name == field) return "query";
  return route->path.find("{" + std::string(field) + "}") != std::string_view::npos ? "path" : "body";
}

HttpResponse invalid_argument(const Error& error, const Route* route) {
  if (error.field().empty()) return detail_response(422, error.what());
  Fault fault{"value_error", {}, error.what(), "null", {}};
  fault.loc = {std::string(place_of(error.field(), route)), error.field()};
  return fault_response({fault});
}

HttpResponse retry_later(int status, const Error& error) {
  HttpResponse response = detail_response(status, error.what());
  const auto wait = error.retry_after().value_or(std::chrono::seconds(1));
  response.headers.set("Retry-After", std::to_string(std::max<long long>(1, wait.count())));
  return response;
}

}  // namespace

HttpResponse json_response(int status, std::string json) {
  HttpResponse response;
  response.status = status;
  response.headers.set("Content-Type", "application/json");
  response.body = std::move(json);
  return response;
}

HttpResponse detail_response(int status, std::string_view detail) {
  HttpResponse response = json_response(status, "{\"detail\":" + json_quoted(detail) + "}");
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
  return response;
}

HttpResponse fault_response(const Faults& faults) { return json_response(422, faults_json(faults)); }

HttpResponse internal_error_response(std::string_view request_id) {
  return json_response(
      500, "{\"detail\":\"Internal server error\",\"request_id\":" + json_quoted(request_id) + "}");
}

HttpResponse error_response(const Error& error, const Route* route, std::string_view request_id) {
  switch (error.code()) {
    case ErrorCode::invalid: return invalid_argument(error, route);
    case ErrorCode::unauthenticated: return detail_response(401, error.what());
    case ErrorCode::forbidden: return detail_response(403, error.what());
    case ErrorCode::not_found: return detail_response(404, error.what());
    case ErrorCode::conflict: return detail_response(409, error.what());
    case ErrorCode::too_large: return detail_response(413, error.what());
    case ErrorCode::unsupported:
    case ErrorCode::malformed:
    case ErrorCode::password:
    case ErrorCode::limit: return detail_response(422, error.what());
    case ErrorCode::rate_limited: return retry_later(429, error);
    case ErrorCode::unavailable: return retry_later(503, error);
    case ErrorCode::internal: break;
  }
  return internal_error_response(request_id);
}

}  // namespace backend::server
