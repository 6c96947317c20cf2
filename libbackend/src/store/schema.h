#pragma once
#include <backend/ports.h>

#include <set>
#include <string>

namespace backend::store {

/// The columns of a table or view of the current schema; none when there is no such table.
std::set<std::string> columns_of(Database& database, std::string_view table);

/// False for views and absent tables.
bool is_table(Database& database, std::string_view name);

}  // namespace backend::store
