#pragma once
#include <optional>
#include <string>
#include <vector>

#include "transport/http_message.h"

namespace backend::server {

/// Cross-origin requests (Fetch standard §3.2), answered as Starlette's CORSMiddleware does: an exact list of origins,
/// or "*" without credentials.
class Cors {
 public:
  Cors(std::vector<std::string> origins, bool credentials);

  /// The answer to a preflight; nothing when the request is none.
  std::optional<HttpResponse> preflight(const HttpRequest& request) const;
  /// Adds what the browser needs to let its page see an ordinary answer.
  void decorate(const HttpRequest& request, HttpResponse& response) const;

 private:
  bool allows(std::string_view origin) const;
  void allow(std::string_view origin, HttpResponse& response) const;

  std::vector<std::string> origins_;
  bool any_;
  bool credentials_;
};

}  // namespace backend::server
