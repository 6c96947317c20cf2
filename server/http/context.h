#pragma once
#include <backend/backend.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include "http/error_response.h"
#include "http/json_writer.h"
#include "http/route.h"

namespace backend::server {

class Application;

/// Checked input of one kind, with the C++ type that its schema fills.
struct Parsed {
  std::shared_ptr<void> object;
  const std::type_info* type = nullptr;

  template <class T>
  const T* get() const {
    if (!object) return nullptr;
    if (*type != typeid(T)) throw std::logic_error("a handler asks for another type than its route declares");
    return static_cast<const T*>(object.get());
  }
};

/// One request on its way through a handler: who calls, what was sent (checked), and what to answer with.
class Context {
 public:
  Context(const Application& app, Backend& services, HttpRequest& http, const Route& row, Face side)
      : application(app), backend(services), request(http), route(row), face(side) {}

  const Application& application;
  Backend& backend;
  HttpRequest& request;
  const Route& route;
  const Face face;
  std::optional<Principal> caller;  ///< set by every Access but none
  std::vector<std::pair<std::string_view, std::int64_t>> path;
  Parsed body_input, form_input, query_input;

  UserId user() const { return caller.value().id; }
  /// The caller of a route that does without one in some cases. Throws Error unauthenticated.
  Principal authenticated() const;
  /// A path parameter.
  std::int64_t id(std::string_view name) const {
    for (const auto& [key, value] : path)
      if (key == name) return value;
    throw std::logic_error("no such path parameter");
  }
  template <class T>
  const T& query() const {
    return required(query_input.get<T>());
  }
  template <class T>
  const T& body() const {
    return required(body_input.get<T>());
  }
  /// Null when the request has none of that kind.
  template <class T>
  const T* optional_body() const {
    return body_input.get<T>();
  }
  template <class T>
  const T* optional_form() const {
    return form_input.get<T>();
  }

  /// An answer with the route's status. `write(JsonWriter&)` writes one JSON value.
  template <class Write>
  HttpResponse json(Write&& write) const {
    std::string out;
    JsonWriter writer(out);
    write(writer);
    return json_response(route.status, std::move(out));
  }
  HttpResponse empty() const {
    HttpResponse response;
    response.status = route.status;
    return response;
  }

 private:
  template <class T>
  static const T& required(const T* object) {
    if (!object) throw std::logic_error("a handler asks for what its route does not declare");
    return *object;
  }
};

/// The credentials of `Authorization: Bearer ...`, read as FastAPI's HTTPBearer reads them. Throws Error
/// unauthenticated when there are none.
std::string_view bearer_token(const HttpRequest& request);

inline Principal Context::authenticated() const { return backend.auth().authenticate(bearer_token(request)); }

}  // namespace backend::server
