#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backend {
struct Settings;
}

namespace backend::server {

/// One request as the access log tells it: no query, body, token or address of mail.
struct AccessRecord {
  std::string_view method;
  std::string_view path;
  int status = 0;
  std::uint64_t bytes = 0;
  std::chrono::microseconds duration{};
  std::string_view request_id;
  std::string_view remote_address;
  std::optional<std::int64_t> user;
};

/// Lines on standard error, as text or as one JSON object each (LOG_FORMAT). Control characters are escaped, so that
/// nobody writes a line of his own. Thread-safe.
class Log {
 public:
  explicit Log(const Settings& settings);
  ~Log();

  void info(std::string_view message);
  void warning(std::string_view message);
  void error(std::string_view message, std::string_view request_id = {});
  void access(const AccessRecord& record);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace backend::server
