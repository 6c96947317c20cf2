#include "adapters/adapters.h"

#include <charconv>
#include <system_error>

namespace backend::adapters {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 3], byte, 16).ptr == &text[i + 3]) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

/// The URL for a person to read: the user's password, and one given as a parameter, are not shown.
std::string masked(std::string url) {
  const auto scheme = url.find("://");
  const auto start = scheme == std::string::npos ? 0 : scheme + 3;
  const auto at = url.rfind('@');
  const auto colon = url.find(':', start);
  if (at != std::string::npos && colon < at) url.replace(colon + 1, at - colon - 1, "********");
  if (const auto key = url.find("password="); key != std::string::npos) {
    const auto value = key + std::string_view("password=").size();
    url.replace(value, url.find('&', value) - value, "********");
  }
  return url;
}

Error bad_url(const std::string& url, const std::string& reason) {
  return Error(ErrorCode::invalid, "DATABASE_URL " + masked(url) + ": " + reason, "DATABASE_URL");
}

void make_parent_folder(const std::filesystem::path& file) {
  if (!file.has_parent_path()) return;
  std::error_code fault;
  std::filesystem::create_directories(file.parent_path(), fault);
  if (!fault) return;
  throw Error(ErrorCode::unavailable, "cannot make the folder " + file.parent_path().string() +
                                          " of the database: " + fault.message());
}

std::unique_ptr<Database> open_sqlite_url(const Settings& settings, std::string_view rest) {
  const std::string& url = settings.database_url;
  const auto query = rest.find('?');
  // What SQLAlchemy's own driver takes after `?` has no meaning here, and anything else would be lost in
  // silence.
  if (query != std::string_view::npos && !rest.substr(query).starts_with("?check_same_thread=")) {
    throw bad_url(url, "unknown parameters after '?'");
  }
  rest = rest.substr(0, query);
  if (!rest.empty() && rest.front() != '/') {
    throw bad_url(url, "write sqlite:///relative/path or sqlite:////absolute/path");
  }
  if (!rest.empty()) rest.remove_prefix(1);
  const std::string path = rest.empty() ? ":memory:" : percent_decoded(rest);
  if (path.find('\0') != std::string::npos) throw bad_url(url, "a path has no zero bytes");
  const std::chrono::milliseconds timeout(settings.database_timeout_ms);
  if (path != ":memory:") make_parent_folder(path);
  return open_sqlite(path, settings.database_pool_size, timeout);
}

std::unique_ptr<Database> open_postgres_url([[maybe_unused]] const Settings& settings,
                                            [[maybe_unused]] std::string_view rest) {
#ifdef BACKEND_POSTGRES
  return open_postgres("postgresql://" + std::string(rest), settings.database_pool_size,
                       std::chrono::milliseconds(settings.database_timeout_ms));
#else
  throw bad_url(settings.database_url, "this build has no PostgreSQL (BACKEND_POSTGRES)");
#endif
}

}  // namespace

std::unique_ptr<Database> open_database(const Settings& settings) {
  const std::string_view url = settings.database_url;
  if (url.empty()) {
    const std::filesystem::path file = settings.data_dir / "app.db";
    make_parent_folder(file);
    return open_sqlite(file.string(), settings.database_pool_size,
                       std::chrono::milliseconds(settings.database_timeout_ms));
  }
  const auto end = url.find("://");
  if (end == std::string_view::npos)
    throw bad_url(settings.database_url, "it has no scheme, such as postgresql://");
  // SQLAlchemy names its driver after a plus sign: postgresql+psycopg2, sqlite+aiosqlite.
  const std::string_view dialect = url.substr(0, end);
  const std::string_view scheme = dialect.substr(0, dialect.find('+'));
  const std::string_view rest = url.substr(end + 3);
  if (scheme == "sqlite") return open_sqlite_url(settings, rest);
  if (scheme == "postgresql" || scheme == "postgres") return open_postgres_url(settings, rest);
  throw bad_url(settings.database_url, "unknown scheme; sqlite:// and postgresql:// are known");
}

}  // namespace backend::adapters
