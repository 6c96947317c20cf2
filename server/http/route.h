#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "transport/http_message.h"

namespace backend::server {

class Context;
class ObjectSchema;

enum class Method { get, post, put, patch, delete_ };
constexpr Method Get = Method::get, Post = Method::post, Put = Method::put, Patch = Method::patch,
                 Delete = Method::delete_;
std::string_view to_string(Method method) noexcept;

constexpr int Created = 201, Accepted = 202, NoContent = 204;

/// Who may call. It has no default: a row without it does not compile.
enum class Access {
  none,   ///< anybody
  token,  ///< whoever shows a valid access token, even one whose account is gone
  user,   ///< an existing, active account
};

/// Which files a request brings (multipart/form-data).
enum class Files { none, one, many };

/// What a request may carry. The pipeline reads and checks it before the handler is called.
struct Inputs {
  const ObjectSchema* body = nullptr;   ///< JSON
  const ObjectSchema* form = nullptr;   ///< application/x-www-form-urlencoded, instead of `body`
  const ObjectSchema* query = nullptr;
  Files files = Files::none;  ///< the handler streams them itself
  bool body_optional = false;
};

using RouteHandler = HttpResponse (*)(Context&);

/// One operation. Routing, the access check, validation, CORS and OpenAPI all read this row.
struct Route {
  Method method;
  std::string_view path;  ///< "/documents/{document_id}/text"; path parameters are integers
  Access access;
  RouteHandler handler;
  std::string_view summary;
  int status = 200;
  Inputs in = {};
  std::string_view answer = {};  ///< the component schema of the answer, or a media type other than JSON
};

/// Two faces over the same services: they differ in paths, status codes and envelopes only.
enum class Face {
  compat,  ///< as the FastAPI backend answers
  v1,
};

/// The rows of one resource on one face.
struct RouteTable {
  Face face;
  std::string_view tag;
  std::span<const Route> routes;
  bool documented = true;  ///< shown by OpenAPI
};

}  // namespace backend::server
