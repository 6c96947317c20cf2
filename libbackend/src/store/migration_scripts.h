#pragma once
#include <span>
#include <string_view>

namespace backend::store {

/// One pair of files migrations/NNNN_name.{up,down}.sql.
struct MigrationScript {
  int version;
  std::string_view name;
  std::string_view up;
  std::string_view down;
};

/// All of them, ascending. Embedded at build time from the list in CMakeLists.txt.
std::span<const MigrationScript> migration_scripts();

}  // namespace backend::store
