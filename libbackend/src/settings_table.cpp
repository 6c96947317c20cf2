#include "settings_table.h"

#include "support/json.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <limits>

namespace backend::settings_table {
namespace {

using Names = std::vector<std::string>;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool parse_integer(std::string_view text, std::int64_t low, std::int64_t high, std::int64_t& out) {
  text = trim(text);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() && end == text.data() + text.size() && out >= low && out <= high;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool parse_flag(std::string_view text, bool& out) {
  const auto word = lower_ascii(trim(text));
  out = word == "true" || word == "1" || word == "yes" || word == "on";
  return out || word == "false" || word == "0" || word == "no" || word == "off";
}

bool parse_list(std::string_view text, std::vector<std::string>& out) {
  text = trim(text);
  out.clear();
  if (text.starts_with('[')) {
    const auto list = support::parse_json(text);
    if (!list || !list->is_array()) return false;
    for (const auto& item : *list) {
      if (!item.is_string()) return false;
      out.push_back(item.get<std::string>());
    }
    return true;
  }
  while (!text.empty()) {
    const auto comma = text.find(',');
    if (const auto item = trim(text.substr(0, comma)); !item.empty()) out.emplace_back(item);
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  }
  return true;
}

// What a browser sends as Origin: scheme://host[:port], nothing behind it. One slash at the end is a habit: dropped.
bool parse_origins(std::string_view text, std::vector<std::string>& out) {
  if (!parse_list(text, out)) return false;
  for (auto& origin : out) {
    if (origin == "*") continue;
    if (origin.ends_with('/')) origin.pop_back();
    const auto scheme = origin.find("://");
    if (scheme == origin.npos || scheme == 0 || scheme + 3 == origin.size()) return false;
    if (origin.find_first_of("/?#@* \t", scheme + 3) != origin.npos) return false;
  }
  return true;
}

template <class T>
Row number(std::string name, T Settings::*member, std::int64_t low, std::int64_t high, std::string help) {
  std::string allowed = "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  if (high == std::numeric_limits<T>::max()) allowed = "a whole number from " + std::to_string(low);
  return {std::move(name), {}, std::move(help), std::move(allowed), false,
          [=](Draft& draft, std::string_view text) {
            std::int64_t value = 0;
            if (!parse_integer(text, low, high, value)) return false;
            draft.settings.*member = static_cast<T>(value);
            return true;
          },
          [=](const Draft& draft) { return std::to_string(draft.settings.*member); }};
}

template <class T>
constexpr std::int64_t any = std::numeric_limits<T>::max();

Row flag(std::string name, bool Settings::*member, std::string help) {
  return {std::move(name), {}, std::move(help), "true or false", false,
          [=](Draft& draft, std::string_view text) { return parse_flag(text, draft.settings.*member); },
          [=](const Draft& draft) { return draft.settings.*member ? "true" : "false"; }};
}

Row text(std::string name, std::string Settings::*member, std::string help, bool may_be_empty = false) {
  return {std::move(name), {}, std::move(help), may_be_empty ? "a text" : "a text that is not empty", false,
          [=](Draft& draft, std::string_view value) {
            draft.settings.*member = value;
            return may_be_empty || !value.empty();
          },
          [=](const Draft& draft) { return draft.settings.*member; }};
}

Row secret(Row row) {
  row.secret = true;
  return row;
}

Row choice(std::string name, std::string Settings::*member, std::vector<std::string> options, std::string help) {
  std::string allowed = "one of";
  for (const auto& option : options) allowed += (&option == &options.front() ? " " : ", ") + option;
  return {std::move(name), {}, std::move(help), std::move(allowed), false,
          [=](Draft& draft, std::string_view value) {
            draft.settings.*member = lower_ascii(trim(value));
            return std::find(options.begin(), options.end(), draft.settings.*member) != options.end();
          },
          [=](const Draft& draft) { return draft.settings.*member; }};
}

Row path(std::string name, std::filesystem::path Settings::*member, std::string help) {
  return {std::move(name), {}, std::move(help), "a path", false,
          [=](Draft& draft, std::string_view value) {
            draft.settings.*member = std::string(value);
            return !value.empty();
          },
          [=](const Draft& draft) { return (draft.settings.*member).string(); }};
}

Row origins(std::string name, Names aliases, std::vector<std::string> Settings::*member, std::string help) {
  return {std::move(name), std::move(aliases), std::move(help),
          "origins such as https://example.com, separated by commas or as a JSON array", false,
          [=](Draft& draft, std::string_view value) { return parse_origins(value, draft.settings.*member); },
          [=](const Draft& draft) {
            std::string out;
            for (const auto& item : draft.settings.*member) out += (out.empty() ? "" : ",") + item;
            return out;
          }};
}

Row prefix(std::string name, std::string Settings::*member, std::string help) {
  return {std::move(name), {}, std::move(help), "a path such as /api/v1: a slash in front, none at the end", false,
          [=](Draft& draft, std::string_view value) {
            draft.settings.*member = value;
            return value.size() > 1 && value.front() == '/' && value.back() != '/' &&
                   value.find_first_of(" ?#%{}*\\") == value.npos && value.find("//") == value.npos;
          },
          [=](const Draft& draft) { return draft.settings.*member; }};
}

Row part(std::string name, std::optional<std::string> DatabaseParts::*member, std::string help) {
  return {std::move(name), {}, std::move(help), "a text", false,
          [=](Draft& draft, std::string_view value) {
            if (!value.empty()) draft.parts.*member = value;
            return true;
          },
          [=](const Draft& draft) { return (draft.parts.*member).value_or(""); }};
}

Row port_part(Row row) {
  row.allowed = "a port from 1 to 65535";
  row.parse = [parse = std::move(row.parse)](Draft& draft, std::string_view value) {
    std::int64_t port = 0;
    return (value.empty() || parse_integer(value, 1, 65535, port)) && parse(draft, trim(value));
  };
  return row;
}

std::vector<Row> application_rows() {
  using S = Settings;
  return {
      text("PROJECT_NAME", &S::project_name, "title of the API"),
      text("VERSION", &S::version, "version of the API"),
      prefix("API_V1_STR", &S::api_prefix, "where the canonical API lies"),
      choice("ENVIRONMENT", &S::environment, {"development", "test", "production"},
             "production refuses to start without a good SECRET_KEY"),
      choice("LOG_LEVEL", &S::log_level, {"debug", "info", "warning", "error"}, "the least that is logged"),
      choice("LOG_FORMAT", &S::log_format, {"text", "json"}, "how a log line is written"),
  };
}

std::vector<Row> storage_rows() {
  using S = Settings;
  using P = DatabaseParts;
  return {
      secret(text("DATABASE_URL", &S::database_url,
                  "sqlite:///./app.db (relative), sqlite:////abs/app.db, sqlite:///:memory: or postgresql://...; empty: "
                  "made of DB_* when one of them is set, else sqlite in DATA_DIR",
                  true)),
      part("DB_HOST", &P::host, "PostgreSQL server, when DATABASE_URL is empty (localhost)"),
      port_part(part("DB_PORT", &P::port, "its port (5432)")),
      part("DB_NAME", &P::name, "its database (myapp)"),
      part("DB_USER", &P::user, "its user (postgres)"),
      secret(part("DB_PASSWORD", &P::password, "that user's password (password)")),
      path("DATA_DIR", &S::data_dir, "folder of the database, uploaded files and generated secrets"),
      path("UPLOAD_DIR", &S::upload_dir, "where an adopted FastAPI backend kept its files"),
      number("DATABASE_POOL_SIZE", &S::database_pool_size, 1, 1000, "connections kept open"),
      number("DATABASE_TIMEOUT_MS", &S::database_timeout_ms, 1, 600000, "longest wait for a connection or a lock"),
      flag("AUTO_MIGRATE", &S::auto_migrate, "bring the schema up to date when opening"),
  };
}

std::vector<Row> account_rows() {
  using S = Settings;
  return {
      secret(text("SECRET_KEY", &S::secret_key,
                  "signs access tokens (HS256); at least 32 bytes in production; empty in development: one is made and "
                  "kept in DATA_DIR",
                  true)),
      number("ACCESS_TOKEN_EXPIRE_MINUTES", &S::access_token_expire_minutes, 1, 525600, "life of an access token"),
      number("REFRESH_TOKEN_EXPIRE_DAYS", &S::refresh_token_expire_days, 1, 3650, "life of a refresh token"),
      text("JWT_ISSUER", &S::jwt_issuer, "claim iss of access tokens"),
      text("JWT_AUDIENCE", &S::jwt_audience, "claim aud of a session's access tokens"),
      number("JWT_LEEWAY_SECONDS", &S::jwt_leeway_seconds, 0, 60, "for iat and nbf, when clocks differ"),
      number("BCRYPT_COST", &S::bcrypt_cost, 4, 15, "each step doubles the time of a password hash"),
      number("PASSWORD_MIN_LENGTH", &S::password_min_length, 1, 128, "code points"),
      number("PASSWORD_MAX_LENGTH", &S::password_max_length, 8, 1024, "code points"),
      flag("PASSWORD_REFUSE_COMMON", &S::password_refuse_common, "refuse the best-known passwords (not on the compat face)"),
      number("COMPAT_PASSWORD_MIN_LENGTH", &S::compat_password_min_length, 0, 128,
             "code points, for POST /register of the compat face"),
      number("PASSWORD_WORKERS", &S::password_workers, 1, 256, "password hashes computed at the same time"),
      number("PASSWORD_QUEUE", &S::password_queue, 0, 10000, "callers that may wait for one; beyond that: 503"),
  };
}

std::vector<Row> content_rows() {
  using S = Settings;
  return {
      number("MESSAGE_MAX_LENGTH", &S::message_max_length, 1, 1000000, "code points of one message"),
      number("UPLOAD_MAX_BYTES", &S::upload_max_bytes, 1, any<std::int64_t>, "of one request"),
      number("UPLOAD_MAX_FILES", &S::upload_max_files, 1, 1000, "in one request"),
      number("PDF_WORKERS", &S::pdf_workers, 1, 256, "documents analysed at the same time"),
      number("PDF_QUEUE", &S::pdf_queue, 0, 10000, "callers that may wait; beyond that: 503"),
      number("PDF_MAX_PAGES", &S::pdf_max_pages, 1, any<int>, "of one document"),
      number("PDF_TIMEOUT_MS", &S::pdf_timeout_ms, 1, 3600000, "for one document"),
      number("PDF_MAX_STREAM_BYTES", &S::pdf_max_stream_bytes, 1, any<std::int64_t>, "one decoded stream"),
      number("SEARCH_MAX_MATCHES", &S::search_max_matches, 1, any<int>, "reported for one document"),
  };
}

std::vector<Row> server_rows() {
  using S = Settings;
  return {
      text("HOST", &S::host, "address to listen on"),
      number("PORT", &S::port, 0, 65535, "0: any free one"),
      number("WORKERS", &S::workers, 0, 1024, "request threads; 0: chosen from the number of cores"),
      origins("CORS_ORIGINS", {"ALLOWED_ORIGINS", "BACKEND_CORS_ORIGINS"}, &S::cors_origins,
              "origins whose pages may call the API"),
      flag("CORS_ALLOW_CREDENTIALS", &S::cors_allow_credentials, "must be false for CORS_ORIGINS=*"),
      number("JSON_MAX_BYTES", &S::json_max_bytes, 1, any<std::int64_t>, "one request body that is not an upload"),
      number("SHUTDOWN_TIMEOUT_MS", &S::shutdown_timeout_ms, 0, 3600000, "how long SIGTERM waits for requests in flight"),
  };
}

}  // namespace

const std::vector<Row>& rows() {
  static const std::vector<Row> all = [] {
    std::vector<Row> out;
    for (auto part : {application_rows(), storage_rows(), account_rows(), content_rows(), server_rows()})
      std::move(part.begin(), part.end(), std::back_inserter(out));
    return out;
  }();
  return all;
}

}  // namespace backend::settings_table
