#pragma once
#include <string_view>

namespace backend::adapters {

/// What a statement's first word says about it.
enum class SqlKind {
  read,    ///< SELECT, VALUES
  with,    ///< WITH: reads or changes, the engine knows
  change,  ///< INSERT, UPDATE, DELETE, REPLACE
  other,   ///< schema, session and transaction statements
};

/// Skips white space and comments before the first word.
SqlKind sql_kind(std::string_view sql) noexcept;

/// True when nothing but white space, comments and semicolons is left.
bool is_blank_sql(std::string_view sql) noexcept;

}  // namespace backend::adapters
