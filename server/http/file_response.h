#pragma once
#include <memory>
#include <string>

#include "transport/http_message.h"

namespace backend {
class BlobReader;
}

namespace backend::server {

struct FileInfo {
  std::string filename;
  std::string content_type;
  std::string etag;  ///< with its quotes
};

/// A stored file as a download: conditional requests (RFC 9110 §13), ranges (§14), never rendered by a browser.
HttpResponse file_response(const HttpRequest& request, std::shared_ptr<const BlobReader> file, const FileInfo& info);

/// True when If-None-Match says that the client has this entity.
bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace backend::server
