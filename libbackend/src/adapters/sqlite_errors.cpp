#include "adapters/sqlite_errors.h"

#include <sqlite3.h>

#include <string>

namespace backend::adapters {
namespace {

/// "UNIQUE constraint failed: users.email_key, users.role" -> "email_key, role".
std::string columns_of(std::string_view text) {
  const auto colon = text.find(": ");
  if (colon == std::string_view::npos) return {};
  std::string columns;
  for (text.remove_prefix(colon + 2); !text.empty();) {
    const auto comma = text.find(", ");
    std::string_view column = text.substr(0, comma);
    if (const auto dot = column.rfind('.'); dot != std::string_view::npos) column.remove_prefix(dot + 1);
    if (!columns.empty()) columns += ", ";
    columns += column;
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 2);
  }
  return columns;
}

SqliteFault constraint(int code, std::string_view text) {
  const std::string columns = columns_of(text);
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return {Error(ErrorCode::conflict, "another row has the same " + columns, columns)};
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      // SQLite does not tell which one.
      return {
          Error(ErrorCode::conflict, "a row that is referred to does not exist, or is still referred to")};
    default:
      return {Error(ErrorCode::internal, "database: " + std::string(text), columns)};
  }
}

Error unavailable(const std::string& message) {
  return Error(ErrorCode::unavailable, message).retry_in(std::chrono::seconds(1));
}

}  // namespace

SqliteFault describe_sqlite_fault(int code, std::string_view text, std::chrono::milliseconds timeout) {
  const std::string reason = "database: " + std::string(text);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return constraint(code, text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {unavailable("the database is locked by another writer for longer than " +
                          std::to_string(timeout.count()) + " ms (DATABASE_TIMEOUT_MS)"),
              true, false};
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return {unavailable("the database has too little memory or room left")};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PROTOCOL:
      return {unavailable(reason), false, true};
    case SQLITE_TOOBIG:
      return {Error(ErrorCode::too_large, reason)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Error(ErrorCode::internal, reason), false, true};
    default:
      return {Error(ErrorCode::internal, reason)};
  }
}

}  // namespace backend::adapters
