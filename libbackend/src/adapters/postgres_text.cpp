#include "adapters/postgres_text.h"

#include <backend/error.h>

#include <algorithm>
#include <charconv>

namespace backend::adapters {

std::string with_connection_defaults(const std::string& url, std::chrono::milliseconds timeout) {
  // libpq takes whole seconds, and advises against fewer than two.
  const auto seconds = std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(timeout).count());
  const std::pair<std::string_view, std::string> defaults[] = {
      {"application_name", "libbackend"},
      {"client_encoding", "UTF8"},
      {"connect_timeout", std::to_string(seconds)},
      {"keepalives_idle", "10"},
      {"keepalives_interval", "5"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "15000"},
  };
  const bool uri = url.find("://") != std::string::npos;
  std::string text = url;
  for (const auto& [key, value] : defaults) {
    if (url.find(std::string(key) + "=") != std::string::npos) continue;
    text += !uri ? ' ' : text.find('?') == std::string::npos ? '?' : '&';
    text.append(key).append("=").append(value);
  }
  return text;
}

std::string session_setup(std::chrono::milliseconds timeout) {
  // A lock is waited for as long as a connection. A whole statement may take longer, but not for ever.
  const auto longest_statement = std::max(timeout * 12, std::chrono::milliseconds(60000));
  return "SET timezone = 'UTC'; SET client_min_messages = error; SET extra_float_digits = 1; "
         "SET standard_conforming_strings = on; SET lock_timeout = " +
         std::to_string(timeout.count()) +
         "; SET statement_timeout = " + std::to_string(longest_statement.count());
}

namespace {

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::size_t after(std::string_view sql, std::string_view end, std::size_t from) noexcept {
  const auto found = sql.find(end, from);
  return found == std::string_view::npos ? sql.size() : found + end.size();
}

/// Where the text constant that begins at `at` ends. `''` is two constants side by side, which is as good.
std::size_t after_quoted(std::string_view sql, std::size_t at, bool escapes) noexcept {
  const char quote = sql[at];
  for (++at; at < sql.size() && sql[at] != quote; ++at) {
    if (escapes && sql[at] == '\\') ++at;
  }
  return std::min(at + 1, sql.size());
}

/// The end of the token at `at`; a parameter is a token of its own (PostgreSQL manual, 4.1 Lexical
/// Structure).
std::size_t after_token(std::string_view sql, std::size_t at) noexcept {
  const std::string_view rest = sql.substr(at);
  if (rest.starts_with("--")) return after(sql, "\n", at);
  if (rest.starts_with("/*")) return after(sql, "*/", at + 2);
  if (rest[0] == '\'' || rest[0] == '"') return after_quoted(sql, at, false);
  if ((rest[0] == 'E' || rest[0] == 'e') && rest.size() > 1 && rest[1] == '\'')
    return after_quoted(sql, at + 1, true);
  if (rest[0] == '$' && rest.size() > 1 && !(rest[1] >= '0' && rest[1] <= '9')) {
    const auto tag = rest.find('$', 1);  // $tag$ ... $tag$
    return tag == std::string_view::npos ? at + 1 : after(sql, rest.substr(0, tag + 1), at + tag + 1);
  }
  if (!is_word(rest[0])) return at + 1;
  while (++at < sql.size() && is_word(sql[at])) {
  }
  return at;
}

void append_parameter(std::string& text, std::size_t number, std::string_view types) {
  const char type = types[number - 1];
  if (type == 'n') {
    text += "NULL";
    return;
  }
  const auto nulls_before =
      std::count(types.begin(), types.begin() + static_cast<std::ptrdiff_t>(number) - 1, 'n');
  text += '$' + std::to_string(number - static_cast<std::size_t>(nulls_before));
  text += type == 'i' ? "::bigint" : type == 'd' ? "::float8" : "::text";
}

}  // namespace

std::string with_types(std::string_view sql, std::string_view types) {
  std::string text;
  std::size_t most = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const auto end = after_token(sql, at);
    const std::string_view token = sql.substr(at, end - at);
    std::size_t number = 0;
    const bool parameter =
        token.size() > 1 && token[0] == '$' &&
        std::from_chars(token.data() + 1, token.data() + token.size(), number).ptr == &token.back() + 1;
    most = std::max(most, number);
    if (parameter && number >= 1 && number <= types.size()) {
      append_parameter(text, number, types);
    } else {
      text += token;
    }
    at = end;
  }
  if (most == types.size()) return text;
  throw Error(ErrorCode::internal,
              "the statement takes " + std::to_string(most) + " values, not " + std::to_string(types.size()));
}

std::string violated_key(std::string_view message) {
  // DETAIL: Key (sender_id, client_id)=(1, x) already exists. The words are translated, the form is not.
  const auto end = message.find(")=(");
  const auto start = message.find('(', std::min(message.find('\n'), message.size()));
  if (end != std::string_view::npos && start < end)
    return std::string(message.substr(start + 1, end - start - 1));
  const std::string_view line = message.substr(0, message.find('\n'));
  const auto closing = line.rfind('"');
  if (closing == std::string_view::npos || closing == 0) return {};
  const auto opening = line.rfind('"', closing - 1);
  return opening == std::string_view::npos ? std::string()
                                           : std::string(line.substr(opening + 1, closing - opening - 1));
}

std::string first_line(std::string_view message) {
  message = message.substr(0, message.find('\n'));
  if (const auto colon = message.find(":  "); colon != std::string_view::npos)
    message.remove_prefix(colon + 3);
  return std::string(message);
}

}  // namespace backend::adapters
