#include "http/file_response.h"

#include <backend/ports.h>

#include "http/byte_range.h"
#include "http/content_disposition.h"
#include "http/error_response.h"

namespace backend::server {
namespace {

/// Texts and slices of one file, sent as if they were one.
class Segments final : public ContentSource {
 public:
  explicit Segments(std::shared_ptr<const BlobReader> file) : file_(std::move(file)) {}

  void add(std::string text) {
    const std::uint64_t length = text.size();
    add({std::move(text), {0, length}, false, size_});
  }
  void add(const ByteRange& slice) { add({{}, slice, true, size_}); }

  std::uint64_t size() const override { return size_; }
  std::size_t read(std::uint64_t offset, std::span<char> out) const override {
    for (const Segment& segment : segments_) {
      if (offset >= segment.start + segment.range.length) continue;
      const std::uint64_t skip = offset - segment.start;
      out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), segment.range.length - skip)));
      if (segment.in_file) return file_->read(segment.range.first + skip, std::as_writable_bytes(out));
      return segment.text.copy(out.data(), out.size(), static_cast<std::size_t>(skip));
    }
    return 0;
  }

 private:
  struct Segment {
    std::string text;
    ByteRange range;
    bool in_file;
    std::uint64_t start;
  };
  void add(Segment segment) {
    size_ += segment.range.length;
    segments_.push_back(std::move(segment));
  }

  std::shared_ptr<const BlobReader> file_;
  std::vector<Segment> segments_;
  std::uint64_t size_ = 0;
};

std::string content_range(const ByteRange& range, std::uint64_t size) {
  return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.first + range.length - 1) + "/" +
         std::to_string(size);
}

void send_parts(HttpResponse& response, Segments& content, const std::vector<ByteRange>& parts, std::uint64_t size,
                const FileInfo& info) {
  response.status = 206;
  if (parts.size() == 1) {
    response.headers.set("Content-Range", content_range(parts.front(), size));
    return content.add(parts.front());
  }
  // Readers count bytes by Content-Range, so the boundary need not be absent from the content. At most 70 characters.
  const std::string boundary = "part-" + info.etag.substr(1, std::min<std::size_t>(32, info.etag.size() - 2));
  response.headers.set("Content-Type", "multipart/byteranges; boundary=" + boundary);
  for (const ByteRange& part : parts) {
    content.add("\r\n--" + boundary + "\r\nContent-Type: " + info.content_type +
                "\r\nContent-Range: " + content_range(part, size) + "\r\n\r\n");
    content.add(part);
  }
  content.add("\r\n--" + boundary + "--\r\n");
}

}  // namespace

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const std::size_t start = if_none_match.find_first_not_of(" \t,");
    if (start == std::string_view::npos) return false;
    if_none_match.remove_prefix(start);
    std::string_view item = if_none_match.substr(0, if_none_match.find(','));
    if_none_match.remove_prefix(item.size());
    while (item.ends_with(' ') || item.ends_with('\t')) item.remove_suffix(1);
    if (item == "*") return true;
    if (item.starts_with("W/")) item.remove_prefix(2);  // weak comparison, RFC 9110 §13.1.2
    if (item == etag) return true;
  }
  return false;
}

HttpResponse file_response(const HttpRequest& request, std::shared_ptr<const BlobReader> file, const FileInfo& info) {
  HttpResponse response;
  response.headers.set("ETag", info.etag);
  response.headers.set("Cache-Control", "private, no-cache");
  if (etag_matches(request.headers.get("If-None-Match"), info.etag)) {
    response.status = 304;
    return response;
  }
  const std::uint64_t size = file->size();
  // A Range with an If-Range that names another version is for the whole (RFC 9110 §13.1.5).
  const std::string* if_range = request.headers.find("If-Range");
  RangeRequest range;
  if (request.method == "GET" && (!if_range || *if_range == info.etag))
    range = parse_range(request.headers.get("Range"), size);
  if (range.kind == RangeRequest::Kind::unsatisfiable) {
    response = detail_response(416, "Range not satisfiable");
    response.headers.set("Content-Range", "bytes */" + std::to_string(size));
    return response;
  }
  response.headers.set("Content-Type", info.content_type);
  response.headers.set("Accept-Ranges", "bytes");
  response.headers.set("Content-Disposition", attachment(info.filename));
  response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
  auto content = std::make_shared<Segments>(std::move(file));
  if (range.kind == RangeRequest::Kind::parts)
    send_parts(response, *content, range.parts, size, info);
  else
    content->add(ByteRange{0, size});
  response.source = std::move(content);
  return response;
}

}  // namespace backend::server
