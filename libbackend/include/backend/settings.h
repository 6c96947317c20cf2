#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace backend {

/// Where a setting's value came from, strongest last.
enum class SettingOrigin { default_value, dotenv, environment, flag };
const char* to_string(SettingOrigin origin) noexcept;

/// Everything that can be configured. A plain value: fill it in code, or read it with load_settings().
/// The comment of each member names the setting as flags (--secret-key), the environment and .env write it.
struct Settings {
  // -- the application
  std::string project_name = "My API";  ///< PROJECT_NAME
  std::string version = "1.0.0";        ///< VERSION
  std::string api_prefix = "/api/v1";   ///< API_V1_STR
  std::string environment = "development";  ///< ENVIRONMENT: development, test or production
  std::string log_level = "info";           ///< LOG_LEVEL: debug, info, warning, error
  std::string log_format = "text";          ///< LOG_FORMAT: text or json

  // -- storage
  /// DATABASE_URL: sqlite:///./app.db (relative), sqlite:////abs/app.db, sqlite:///:memory:, postgresql://...
  /// Empty: made of DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD when any of them is set (missing ones are
  /// localhost, 5432, myapp, postgres, password), else sqlite in data_dir.
  std::string database_url;
  std::filesystem::path data_dir = "data";       ///< DATA_DIR: database, uploaded files, generated secrets
  std::filesystem::path upload_dir = "uploads";  ///< UPLOAD_DIR: where an adopted FastAPI backend kept its files
  int database_pool_size = 8;                    ///< DATABASE_POOL_SIZE: connections kept open
  int database_timeout_ms = 5000;                ///< DATABASE_TIMEOUT_MS: longest wait for a connection or a lock
  bool auto_migrate = true;                      ///< AUTO_MIGRATE: bring the schema up to date when opening

  // -- accounts
  /// SECRET_KEY: signs access tokens (HS256). At least 32 bytes in production; empty in development: one is made
  /// and kept in data_dir.
  std::string secret_key;
  int access_token_expire_minutes = 30;  ///< ACCESS_TOKEN_EXPIRE_MINUTES
  int refresh_token_expire_days = 7;     ///< REFRESH_TOKEN_EXPIRE_DAYS
  std::string jwt_issuer = "libbackend";    ///< JWT_ISSUER: claim iss
  std::string jwt_audience = "libbackend";  ///< JWT_AUDIENCE: claim aud of a session's tokens
  int jwt_leeway_seconds = 0;               ///< JWT_LEEWAY_SECONDS: 0..60, for iat and nbf when clocks differ
  int bcrypt_cost = 12;                  ///< BCRYPT_COST: 4..15
  int password_min_length = 8;           ///< PASSWORD_MIN_LENGTH, code points
  int password_max_length = 128;         ///< PASSWORD_MAX_LENGTH, code points
  bool password_refuse_common = true;    ///< PASSWORD_REFUSE_COMMON: refuse the best-known passwords (not on the compat face)
  int compat_password_min_length = 0;    ///< COMPAT_PASSWORD_MIN_LENGTH: for POST /register of the compat face
  int password_workers = 2;              ///< PASSWORD_WORKERS: hashes computed at the same time
  int password_queue = 32;               ///< PASSWORD_QUEUE: callers that may wait for one, beyond that: unavailable

  // -- messages and documents
  int message_max_length = 10000;                       ///< MESSAGE_MAX_LENGTH, code points
  std::int64_t upload_max_bytes = 200 * 1024 * 1024;    ///< UPLOAD_MAX_BYTES, one request
  int upload_max_files = 20;                            ///< UPLOAD_MAX_FILES, one request
  int pdf_workers = 2;                                  ///< PDF_WORKERS: documents analysed at the same time
  int pdf_queue = 16;                                   ///< PDF_QUEUE: callers that may wait, beyond that: unavailable
  int pdf_max_pages = 10000;                            ///< PDF_MAX_PAGES
  int pdf_timeout_ms = 20000;                           ///< PDF_TIMEOUT_MS, one document
  std::int64_t pdf_max_stream_bytes = 256 * 1024 * 1024;  ///< PDF_MAX_STREAM_BYTES, one decoded stream

  int search_max_matches = 10000;                       ///< SEARCH_MAX_MATCHES, one document; beyond that: limit

  // -- server
  std::string host = "127.0.0.1";  ///< HOST
  int port = 8000;                 ///< PORT; 0: any free one
  int workers = 0;                 ///< WORKERS: request threads; 0: chosen from the number of cores
  std::vector<std::string> cors_origins = {"http://localhost:3000"};  ///< CORS_ORIGINS, ALLOWED_ORIGINS, BACKEND_CORS_ORIGINS
  bool cors_allow_credentials = true;  ///< CORS_ALLOW_CREDENTIALS: must be false for CORS_ORIGINS=*
  std::int64_t json_max_bytes = 1024 * 1024;  ///< JSON_MAX_BYTES, one request body that is not an upload
  int shutdown_timeout_ms = 30000;            ///< SHUTDOWN_TIMEOUT_MS: how long SIGTERM waits for requests in flight
};

/// One setting as `backend-server config` shows it.
struct SettingReport {
  std::string name;   ///< "SECRET_KEY"
  std::string value;  ///< secrets masked: "********", passwords in URLs too
  SettingOrigin origin = SettingOrigin::default_value;
  std::string help;
  std::string allowed;               ///< "a whole number from 0 to 65535"
  std::vector<std::string> aliases;  ///< other names that are accepted
  bool secret = false;
};

/// Settings and where each came from.
struct LoadedSettings {
  Settings settings;
  std::vector<SettingReport> report;  ///< every setting, in declaration order
};

/// Reads settings: `flags` over `environment` over the file `dotenv` (when it exists) over defaults. Keys of
/// `flags` are setting names ("DATABASE_URL"). Lists take commas or a JSON array.
/// Throws Error invalid; field() is the setting: a bad value wherever it stands, an unknown name in flags or
/// .env. Unknown environment variables are not ours and are ignored.
LoadedSettings load_settings(const std::map<std::string, std::string>& flags,
                             const std::map<std::string, std::string>& environment,
                             const std::filesystem::path& dotenv);

/// Throws Error invalid, as load_settings(), for a value out of range, `*` in cors_origins together with credentials,
/// or, in production, a secret_key that is missing, well-known or under 32 bytes. `Backend` calls it.
void check_settings(const Settings& settings);

/// This process's environment.
std::map<std::string, std::string> process_environment();

/// The names of all settings with their help, in declaration order (values are the defaults).
std::vector<SettingReport> setting_catalogue();

}  // namespace backend
