#include "http/log.h"

#include <backend/settings.h>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "http/json_writer.h"
#include "http/utf8.h"

namespace backend::server {
namespace {

spdlog::level::level_enum level_of(const std::string& name) {
  if (name == "debug") return spdlog::level::debug;
  if (name == "warning") return spdlog::level::warn;
  if (name == "error") return spdlog::level::err;
  return spdlog::level::info;
}

/// As JSON escapes it, without the quotes: spaces stay readable, line ends and escape sequences do not work.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : utf8_repaired(text)) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out += c;
      continue;
    }
    constexpr char digits[] = "0123456789abcdef";
    out.append({'\\', 'x', digits[static_cast<unsigned char>(c) >> 4], digits[c & 15]});
  }
  return out;
}

}  // namespace

struct Log::Impl {
  spdlog::logger logger{"backend-server", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  bool json = false;

  void line(spdlog::level::level_enum level, std::string_view message, std::string_view request_id) {
    if (!logger.should_log(level)) return;
    if (!json)
      return logger.log(level, request_id.empty() ? escaped(message)
                                                  : escaped(message) + " request=" + escaped(request_id));
    std::string out;
    JsonWriter writer(out);
    writer.member("message", message);
    if (!request_id.empty()) writer.member("request_id", request_id);
    logger.log(level, out);
  }
};

Log::Log(const Settings& settings) : impl_(std::make_unique<Impl>()) {
  impl_->json = settings.log_format == "json";
  impl_->logger.set_level(level_of(settings.log_level));
  impl_->logger.set_pattern(impl_->json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})"
                                        : "%Y-%m-%dT%H:%M:%S.%fZ %l %v",
                            spdlog::pattern_time_type::utc);
}
Log::~Log() = default;

void Log::info(std::string_view message) { impl_->line(spdlog::level::info, message, {}); }
void Log::warning(std::string_view message) { impl_->line(spdlog::level::warn, message, {}); }
void Log::error(std::string_view message, std::string_view request_id) {
  impl_->line(spdlog::level::err, message, request_id);
}

void Log::access(const AccessRecord& record) {
  if (!impl_->logger.should_log(spdlog::level::info)) return;
  const double milliseconds = static_cast<double>(record.duration.count()) / 1000.0;
  std::string out;
  if (impl_->json) {
    JsonWriter writer(out);
    writer.member("message", "request");
    writer.member("method", record.method);
    writer.member("path", record.path);
    writer.member("status", record.status);
    writer.member("bytes", record.bytes);
    writer.member("duration_ms", milliseconds);
    writer.member("request_id", record.request_id);
    writer.member("remote", record.remote_address);
    writer.member("user", record.user);
  } else {
    out = escaped(record.method) + " " + escaped(record.path) + " " + std::to_string(record.status) + " " +
          std::to_string(record.bytes) + "B " + fmt::format("{:.3f}", milliseconds) + "ms request=" +
          escaped(record.request_id) + " remote=" + escaped(record.remote_address) + " user=" +
          (record.user ? std::to_string(*record.user) : "-");
  }
  impl_->logger.log(spdlog::level::info, out);
}

}  // namespace backend::server
