#pragma once
#include <backend/settings.h>

#include <memory>
#include <optional>
#include <string>

#include "http/context.h"
#include "http/json_reader.h"
#include "http/url.h"

namespace backend::server {

/// A request's body as read, before its fields are looked at.
struct RawBody {
  std::shared_ptr<const Json> json;
  std::optional<Parameters> form;
  bool present = false;
};

/// Reads what the route declares: JSON or a form. Throws HttpError (400, 413, 415) and InvalidRequest (json_invalid).
/// On the compat face any media type is taken for JSON, as its contract says; what is no JSON then is a text.
RawBody read_body(const Context& context, const Settings& settings);

/// Checks path, query and body together and puts them into `context`. Throws InvalidRequest with every fault.
void check_input(Context& context, const std::vector<std::pair<std::string_view, std::string>>& path,
                 const RawBody& body, const Settings& settings);

/// The media type of a Content-Type, in lower case, without parameters.
std::string media_type(std::string_view content_type);

/// Throws HttpError 400 for multipart without a boundary, which FastAPI sees before it looks at the token.
void check_multipart_boundary(const HttpRequest& request);

}  // namespace backend::server
