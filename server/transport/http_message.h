#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Requests and responses as values of our own: nothing above the transport knows which HTTP library parses them.
namespace backend::server {

struct HeaderField {
  std::string name;
  std::string value;
};

/// Header fields in the order they came. Names compare without regard to case (RFC 9110 §5.1).
class Headers {
 public:
  /// The first field of that name; nullptr when there is none.
  const std::string* find(std::string_view name) const noexcept;
  /// The first field's value, or empty.
  std::string_view get(std::string_view name) const noexcept;
  bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
  std::size_t count(std::string_view name) const noexcept;
  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  /// Replaces every field of that name.
  void set(std::string_view name, std::string value);

  std::size_t size() const noexcept { return fields_.size(); }
  auto begin() const noexcept { return fields_.begin(); }
  auto end() const noexcept { return fields_.end(); }

 private:
  std::vector<HeaderField> fields_;
};

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Content that cannot be taken: broken framing, too much of it, or a peer that went away.
struct BodyError {
  int status;
  const char* detail;
};

/// A request's content, read from the connection only when somebody asks for it.
class RequestBody {
 public:
  using Sink = std::function<void(std::string_view)>;

  virtual ~RequestBody() = default;
  /// What Content-Length says; none when chunked.
  virtual std::optional<std::uint64_t> declared_length() const = 0;
  /// Reads to the end. Throws BodyError: 413 before the sink gets a byte beyond `max_bytes` (before the first
  /// when the declared length is larger), 400 when the framing is broken or the peer went away.
  virtual void read(std::uint64_t max_bytes, const Sink& sink) = 0;
};

struct HttpRequest {
  std::string method;
  std::string path;   ///< as sent
  std::string query;  ///< as sent, without "?"
  Headers headers;
  std::string remote_address;
  RequestBody* body = nullptr;  ///< never null while a handler runs
};

/// Content that is produced while it is sent.
class ContentSource {
 public:
  virtual ~ContentSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Reads up to out.size() bytes at `offset`; 0 means that the source failed.
  virtual std::size_t read(std::uint64_t offset, std::span<char> out) const = 0;
};

struct HttpResponse {
  int status = 200;
  Headers headers;
  std::string body;
  std::shared_ptr<const ContentSource> source;  ///< instead of `body`
};

/// What answers requests. Called from many threads at once.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Must not throw.
  virtual HttpResponse handle(HttpRequest& request) noexcept = 0;
  /// The answer to what is no acceptable request at all.
  virtual HttpResponse refuse(int status, std::string_view detail) noexcept = 0;
};

}  // namespace backend::server
