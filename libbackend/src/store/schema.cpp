#include "store/schema.h"

namespace backend::store {

std::set<std::string> columns_of(Database& database, std::string_view table) {
  const bool sqlite = database.engine() == Database::Engine::sqlite;
  const Rows rows = database.query(sqlite ? "SELECT name FROM pragma_table_info($1)"
                                          : "SELECT column_name::text FROM information_schema.columns "
                                            "WHERE table_schema = current_schema() AND table_name = $1",
                                   {table});
  std::set<std::string> columns;
  for (std::size_t i = 0; i < rows.size(); ++i) columns.insert(rows[i].text(0));
  return columns;
}

bool is_table(Database& database, std::string_view name) {
  const bool sqlite = database.engine() == Database::Engine::sqlite;
  return !database
              .query(sqlite ? "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1"
                            : "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() "
                              "AND table_type = 'BASE TABLE' AND table_name = $1",
                     {name})
              .empty();
}

}  // namespace backend::store
