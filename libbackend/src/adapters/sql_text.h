#pragma once
#include <string_view>

namespace backend::adapters {

/// What a statement's first word says about it.
enum class SqlKind {
  read,         ///< SELECT, VALUES
  with,         ///< WITH: reads or changes, the engine knows
  change,       ///< INSERT, UPDATE, DELETE, REPLACE
  transaction,  ///< BEGIN, COMMIT, ROLLBACK, SAVEPOINT and the like
  other,        ///< schema and session statements
};

/// Skips white space and comments before the first word.
SqlKind sql_kind(std::string_view sql) noexcept;

/// Throws Error internal when `sql` opens or ends a transaction: begin() and commit() must know of it.
void refuse_transaction_statement(std::string_view sql);

/// True when the statement surely changes nothing, so that it may be sent twice.
bool surely_reads(std::string_view sql) noexcept;

/// True when nothing but white space, comments and semicolons is left.
bool is_blank_sql(std::string_view sql) noexcept;

}  // namespace backend::adapters
