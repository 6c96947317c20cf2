#include "http/application.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "http/openapi.h"
#include "http/request_input.h"
#include "http/url.h"

namespace backend::server {
namespace {

std::string new_request_id() {
  std::array<unsigned char, 16> bytes{};
  (void)!getrandom(bytes.data(), bytes.size(), 0);
  std::string id;
  constexpr char digits[] = "0123456789abcdef";
  for (const unsigned char byte : bytes) id.append({digits[byte >> 4], digits[byte & 15]});
  return id;
}

/// The caller's own id, if it can do no harm in a header or a log line.
std::string request_id_of(const HttpRequest& request) {
  const std::string_view given = request.headers.get("X-Request-ID");
  const auto sane = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  if (!given.empty() && given.size() <= 128 && std::all_of(given.begin(), given.end(), sane)) return std::string(given);
  return new_request_id();
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  const std::size_t n = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), n};
}

constexpr std::array<std::pair<const char*, const char*>, 4> security_headers = {{
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
}};

}  // namespace

std::string_view bearer_token(const HttpRequest& request) {
  const std::string_view value = request.headers.get("Authorization");
  const std::size_t space = value.find(' ');
  std::string_view token;
  if (space != std::string_view::npos && equal_ignoring_case(value.substr(0, space), "bearer"))
    token = value.substr(space + 1);
  while (token.starts_with(' ')) token.remove_prefix(1);
  if (token.empty()) throw Error(ErrorCode::unauthenticated, "Not authenticated");
  return token;
}

Application::Application(Backend& backend, Log& log, std::span<const RouteTable> tables)
    : backend_(backend),
      log_(log),
      router_(tables, backend.settings().api_prefix),
      cors_(backend.settings().cors_origins, backend.settings().cors_allow_credentials),
      openapi_(openapi_document(router_, backend.settings())) {}

HttpResponse Application::handle(HttpRequest& request) noexcept {
  Trace trace{request_id_of(request), std::chrono::steady_clock::now(), {}, nullptr, nullptr};
  HttpResponse response = answer(request, trace);
  finish(request, trace, response);
  record(request, trace, response);
  return response;
}

HttpResponse Application::refuse(int status, std::string_view detail) noexcept {
  const HttpRequest request;
  const Trace trace{new_request_id(), std::chrono::steady_clock::now(), {}, nullptr, nullptr};
  HttpResponse response = detail_response(status, detail);
  finish(request, trace, response);
  record(request, trace, response);
  return response;
}

HttpResponse Application::answer(HttpRequest& request, Trace& trace) {
  if (auto preflight = cors_.preflight(request)) return std::move(*preflight);
  HttpResponse response = guarded(request, trace);
  cors_.decorate(request, response);
  return response;
}

/// The one place where exceptions become answers.
HttpResponse Application::guarded(HttpRequest& request, Trace& trace) {
  try {
    return dispatch(request, trace);
  } catch (const InvalidRequest& invalid) {
    return fault_response(invalid.faults);
  } catch (const HttpError& error) {
    return detail_response(error.status, error.detail);
  } catch (const BodyError& error) {
    return detail_response(error.status, error.detail);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal) log_.error(error.what(), trace.request_id);
    return error_response(error, trace.route, trace.request_id);
  } catch (const std::exception& error) {
    log_.error(error.what(), trace.request_id);
    return internal_error_response(trace.request_id);
  }
}

HttpResponse Application::dispatch(HttpRequest& request, Trace& trace) {
  const std::string path = percent_decoded(request.path);
  Router::Match match = router_.match(request.method, path);
  if (!match.route) return unmatched(request, path, match);
  trace.route = match.route;
  trace.table = match.table;
  const Settings& settings = backend_.settings();
  Context context(*this, backend_, request, *match.route, match.table->face);

  // FastAPI reads the body before it asks for the token, so on the compat face a syntax fault comes first. The
  // canonical face reads nothing from strangers.
  RawBody body;
  const bool body_first = context.face == Face::compat;
  if (body_first) body = read_body(context, settings);
  if (match.route->in.files != Files::none) check_multipart_boundary(request);
  authenticate(context);
  if (context.caller) trace.user = context.caller->id;
  if (!body_first) body = read_body(context, settings);
  check_input(context, match.parameters, body, settings);
  return match.route->handler(context);
}

void Application::authenticate(Context& context) const {
  if (context.route.access == Access::none) return;
  const std::string_view token = bearer_token(context.request);
  context.caller = context.route.access == Access::token ? backend_.auth().verify(token)
                                                         : backend_.auth().authenticate(token);
}

HttpResponse Application::unmatched(const HttpRequest& request, std::string_view path,
                                    const Router::Match& match) const {
  if (match.slash_redirect) {  // as Starlette does; relative, so that a forged Host leads nowhere
    HttpResponse response;
    response.status = 307;
    std::string target(request.path);
    if (target.ends_with('/'))
      target.erase(target.find_last_not_of('/') + 1);
    else
      target += '/';
    response.headers.set("Location", target + (request.query.empty() ? "" : "?" + request.query));
    return response;
  }
  if (match.allowed.empty())
    return router_.in_v1(path) ? detail_response(404, "Not Found")
                               : json_response(404, R"({"error":"Resource not found"})");
  std::vector<std::string> names;
  for (const Method method : match.allowed) {
    names.emplace_back(to_string(method));
    // FastAPI does not know HEAD, so the compat face answers it without a word.
    if (method == Method::get && router_.in_v1(path)) names.emplace_back("HEAD");
  }
  std::sort(names.begin(), names.end());
  std::string allow;
  for (const std::string& name : names) allow += (allow.empty() ? "" : ", ") + name;
  HttpResponse response = detail_response(405, "Method Not Allowed");
  response.headers.set("Allow", std::move(allow));
  return response;
}

void Application::finish(const HttpRequest& request, const Trace& trace, HttpResponse& response) const {
  if (request.method.empty()) cors_.decorate(request, response);
  for (const auto& [name, value] : security_headers)
    if (!response.headers.has(name)) response.headers.set(name, value);
  if (trace.table && trace.table->tag == "auth") response.headers.set("Cache-Control", "no-store");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - trace.start;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6f", took.count());
  response.headers.set("X-Process-Time", text.data());
  response.headers.set("X-Request-ID", trace.request_id);
  response.headers.set("Date", http_date());
}

void Application::record(const HttpRequest& request, const Trace& trace, const HttpResponse& response) {
  AccessRecord record;
  record.method = request.method.empty() ? std::string_view("-") : request.method;
  record.path = request.path.empty() ? std::string_view("-") : request.path;
  record.status = response.status;
  record.bytes = response.source ? response.source->size() : response.body.size();
  record.duration =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - trace.start);
  record.request_id = trace.request_id;
  record.remote_address = request.remote_address;
  record.user = trace.user;
  log_.access(record);
}

}  // namespace backend::server
