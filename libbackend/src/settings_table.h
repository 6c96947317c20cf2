#pragma once
#include <backend/settings.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The one declaration of all settings: loading, checking, reports, flags and .env.example read it.
namespace backend::settings_table {

/// DB_HOST and its kin; DATABASE_URL is made of them when it is empty.
struct DatabaseParts {
  std::optional<std::string> host, port, name, user, password;
};

struct Draft {
  Settings settings;
  DatabaseParts parts;
};

struct Row {
  std::string name;
  std::vector<std::string> aliases;
  std::string help;
  std::string allowed;  ///< completes "expected ..."
  bool secret = false;
  std::function<bool(Draft&, std::string_view)> parse;  ///< false: not allowed
  std::function<std::string(const Draft&)> print;
};

const std::vector<Row>& rows();

}  // namespace backend::settings_table
