#pragma once
#include <backend/backend.h>

#include <atomic>
#include <chrono>
#include <string>

#include "http/context.h"
#include "http/cors.h"
#include "http/log.h"
#include "http/router.h"

namespace backend::server {

/// Everything between the transport and the handlers, as one pipeline: request id, CORS, routing, body, access,
/// validation, the handler, errors, headers, access log. Thread-safe. Borrows the backend and the log.
class Application final : public Handler {
 public:
  Application(Backend& backend, Log& log, std::span<const RouteTable> tables);

  HttpResponse handle(HttpRequest& request) noexcept override;
  HttpResponse refuse(int status, std::string_view detail) noexcept override;

  /// From now on /health/ready says no: the process is about to stop.
  void begin_drain() noexcept { draining_ = true; }
  bool draining() const noexcept { return draining_; }
  const std::string& openapi_json() const noexcept { return openapi_; }
  const Router& router() const noexcept { return router_; }

 private:
  /// What the access log tells beyond request and response.
  struct Trace {
    std::string request_id;
    std::chrono::steady_clock::time_point start;
    std::optional<UserId> user;
    const Route* route = nullptr;
    const RouteTable* table = nullptr;
  };

  HttpResponse answer(HttpRequest& request, Trace& trace);
  HttpResponse dispatch(HttpRequest& request, Trace& trace);
  HttpResponse unmatched(const HttpRequest& request, std::string_view path, const Router::Match& match) const;
  void authenticate(Context& context) const;
  HttpResponse guarded(HttpRequest& request, Trace& trace);
  void finish(const HttpRequest& request, const Trace& trace, HttpResponse& response) const;
  void record(const HttpRequest& request, const Trace& trace, const HttpResponse& response);

  Backend& backend_;
  Log& log_;
  Router router_;
  Cors cors_;
  std::string openapi_;
  std::atomic<bool> draining_{false};
};

}  // namespace backend::server
