#pragma once
#include <backend/error.h>

#include <string>
#include <string_view>

#include "http/fault.h"
#include "http/route.h"

namespace backend::server {

/// A refusal that is HTTP's own: media type, framing, a method that a path does not have.
struct HttpError {
  HttpError(int code, std::string text) : status(code), detail(std::move(text)) {}
  int status;
  std::string detail;
};

/// {"detail": ...}
HttpResponse detail_response(int status, std::string_view detail);
HttpResponse json_response(int status, std::string json);
HttpResponse fault_response(const Faults& faults);
HttpResponse internal_error_response(std::string_view request_id);

/// The only place that knows which status a backend::Error gets. `route` is the one at work, or null.
HttpResponse error_response(const Error& error, const Route* route, std::string_view request_id);

}  // namespace backend::server
