#include <backend/settings.h>

#include <backend/error.h>

#include "settings_table.h"
#include "support/dotenv.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

extern char** environ;

namespace backend {
namespace {

using settings_table::DatabaseParts;
using settings_table::Draft;
using settings_table::Row;

constexpr std::string_view mask = "********";

// Found in tutorials and in the FastAPI backend itself: as good as published.
constexpr std::string_view known_keys[] = {"dev-secret-key-of-32-bytes-or-more",
                                           "your-secret-key",
                                           "your-secret-key-here",
                                           "your-secret-key-change-in-production",
                                           "your-secret-key-change-this-in-production",
                                           "changeme",
                                           "changethis",
                                           "change-me",
                                           "secret",
                                           "secret-key",
                                           "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"};

// One line, short, without control characters: fit for a log.
std::string shown(std::string_view value) {
  std::string out = "\"";
  for (char c : value.substr(0, 80)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  return out + (value.size() > 80 ? "...\"" : "\"");
}

[[noreturn]] void refuse(const Row& row, std::string_view value, std::string_view where) {
  throw Error(ErrorCode::invalid,
              row.name + (where.empty() ? "" : " (" + std::string(where) + ")") + ": " +
                  (row.secret ? "the value" : shown(value)) + " is not allowed; expected " + row.allowed,
              row.name);
}

std::string masked_url(std::string url) {
  const auto scheme = url.find("://");
  const auto start = scheme == url.npos ? 0 : scheme + 3;
  const auto at = url.find_last_of('@', url.find_first_of("/?#", start));
  const auto colon = url.find(':', start);
  if (at != url.npos && at >= start && colon != url.npos && colon < at) url.replace(colon + 1, at - colon - 1, mask);
  for (auto found = url.find("password="); found != url.npos; found = url.find("password=", found + 9)) {
    const auto begin = found + 9;
    const auto end = std::min(url.find_first_of("& ", begin), url.size());
    url.replace(begin, end - begin, mask);
  }
  return url;
}

std::string reported(const Row& row, const Draft& draft) {
  auto value = row.print(draft);
  if (row.name == "DATABASE_URL") return masked_url(std::move(value));
  return row.secret && !value.empty() ? std::string(mask) : value;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') out += static_cast<char>(c);
    else out += {'%', digits[c >> 4], digits[c & 15]};
  }
  return out;
}

// The names and the defaults are those of the FastAPI backend.
std::string url_of(const DatabaseParts& parts) {
  const auto host = parts.host.value_or("localhost");
  const bool ipv6 = host.find(':') != host.npos && host[0] != '/' && host[0] != '[';
  return "postgresql://" + percent_encoded(parts.user.value_or("postgres")) + ":" +
         percent_encoded(parts.password.value_or("password")) + "@" +
         (ipv6 ? "[" + host + "]" : host[0] == '[' ? host : percent_encoded(host)) + ":" + parts.port.value_or("5432") + "/" +
         percent_encoded(parts.name.value_or("myapp"));
}

bool any_of(const DatabaseParts& parts) {
  return parts.host || parts.port || parts.name || parts.user || parts.password;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

const Row* row_named(std::string_view name) {
  for (const auto& row : settings_table::rows())
    if (row.name == name || std::find(row.aliases.begin(), row.aliases.end(), name) != row.aliases.end()) return &row;
  return nullptr;
}

[[noreturn]] void refuse_unknown(const std::string& name, std::string_view where) {
  std::string upper = name.substr(0, 64), nearest;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  std::size_t best = 4;
  for (const auto& row : settings_table::rows())
    if (const auto distance = edit_distance(upper, row.name); distance < best) {
      best = distance;
      nearest = row.name;
    }
  throw Error(ErrorCode::invalid,
              "unknown setting " + shown(name) + " (" + std::string(where) + ")" +
                  (nearest.empty() ? "" : "; did you mean " + nearest + "?"),
              name);
}

using Values = std::map<std::string, std::string>;

// A row's value in one source: its own name before its aliases.
const std::string* value_in(const Values& source, const Row& row) {
  if (const auto found = source.find(row.name); found != source.end()) return &found->second;
  for (const auto& alias : row.aliases)
    if (const auto found = source.find(alias); found != source.end()) return &found->second;
  return nullptr;
}

struct Source {
  const Values& values;
  SettingOrigin origin;
};

// Sources strongest first; returns where the value came from. Weaker values are checked as well.
SettingOrigin load_row(const Row& row, Draft& draft, const std::array<Source, 3>& sources) {
  auto origin = SettingOrigin::default_value;
  for (const auto& source : sources) {
    const auto* value = value_in(source.values, row);
    if (!value) continue;
    Draft scratch;
    if (!row.parse(scratch, *value)) refuse(row, *value, to_string(source.origin));
    if (origin != SettingOrigin::default_value) continue;
    row.parse(draft, *value);
    origin = source.origin;
  }
  return origin;
}

Values known_only(const std::filesystem::path& dotenv) {
  Values values;
  for (auto& line : support::read_dotenv(dotenv)) {
    if (!row_named(line.name)) refuse_unknown(line.name, ".env line " + std::to_string(line.line));
    values[line.name] = std::move(line.value);
  }
  return values;
}

void check_secret_key(const Settings& settings) {
  if (settings.environment != "production") return;
  const auto& key = settings.secret_key;
  const auto fail = [](const char* why) {
    throw Error(ErrorCode::invalid, std::string("SECRET_KEY: production needs one of at least 32 random bytes; this one is ") + why,
                "SECRET_KEY");
  };
  if (key.empty()) fail("missing");
  const bool known = std::find(std::begin(known_keys), std::end(known_keys), key) != std::end(known_keys);
  if (known || key.starts_with("your-secret-key") || key.starts_with("changeme")) fail("a published default");
  if (key.size() < 32) fail("shorter");
}

}  // namespace

const char* to_string(SettingOrigin origin) noexcept {
  switch (origin) {
    case SettingOrigin::default_value: return "default";
    case SettingOrigin::dotenv: return ".env";
    case SettingOrigin::environment: return "environment";
    case SettingOrigin::flag: return "flag";
  }
  return "default";
}

LoadedSettings load_settings(const Values& flags, const Values& environment, const std::filesystem::path& dotenv) {
  for (const auto& [name, value] : flags)
    if (!row_named(name)) refuse_unknown(name, "flag");
  const auto file = known_only(dotenv);
  const std::array<Source, 3> sources{Source{flags, SettingOrigin::flag}, Source{environment, SettingOrigin::environment},
                                      Source{file, SettingOrigin::dotenv}};
  Draft draft;
  std::vector<SettingOrigin> origins;
  for (const auto& row : settings_table::rows()) origins.push_back(load_row(row, draft, sources));
  if (draft.settings.database_url.empty() && any_of(draft.parts)) draft.settings.database_url = url_of(draft.parts);
  check_settings(draft.settings);

  LoadedSettings loaded{draft.settings, {}};
  for (std::size_t i = 0; i < origins.size(); ++i) {
    const auto& row = settings_table::rows()[i];
    loaded.report.push_back({row.name, reported(row, draft), origins[i], row.help, row.allowed, row.aliases, row.secret});
  }
  return loaded;
}

void check_settings(const Settings& settings) {
  // What a row prints it must be able to read: that checks values which were set in code.
  const Draft draft{settings, {}};
  Draft scratch;
  for (const auto& row : settings_table::rows())
    if (const auto value = row.print(draft); !row.parse(scratch, value)) refuse(row, value, "");
  if (settings.password_min_length > settings.password_max_length)
    throw Error(ErrorCode::invalid, "PASSWORD_MIN_LENGTH: must not exceed PASSWORD_MAX_LENGTH", "PASSWORD_MIN_LENGTH");
  const auto& origins = settings.cors_origins;
  if (settings.cors_allow_credentials && std::find(origins.begin(), origins.end(), "*") != origins.end())
    throw Error(ErrorCode::invalid,
                "CORS_ORIGINS: \"*\" cannot go together with credentials; list the origins, or set "
                "CORS_ALLOW_CREDENTIALS=false",
                "CORS_ORIGINS");
  check_secret_key(settings);
}

Values process_environment() {
  Values out;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != text.npos) out.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

std::vector<SettingReport> setting_catalogue() {
  const Draft defaults;
  std::vector<SettingReport> out;
  for (const auto& row : settings_table::rows())
    out.push_back({row.name, reported(row, defaults), SettingOrigin::default_value, row.help, row.allowed, row.aliases, row.secret});
  return out;
}

}  // namespace backend
