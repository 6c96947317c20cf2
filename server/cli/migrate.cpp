#include <backend/backend.h>
#include <backend/migrations.h>

#include <iomanip>
#include <iostream>

#include "cli/commands.h"

namespace backend::server::cli {
namespace {

/// The backend with its schema as it is found.
Backend open_unmigrated(const LoadedSettings& loaded) {
  Settings settings = loaded.settings;
  settings.auto_migrate = false;
  return Backend(settings);
}

}  // namespace

int migrate_status(const LoadedSettings& loaded) {
  Backend backend = open_unmigrated(loaded);
  for (const auto& migration : Migrations(backend.database(), backend.clock()).status()) {
    std::cout << std::setw(4) << std::setfill('0') << migration.version << "  " << migration.name << "  "
              << (migration.applied_at ? "applied " + to_iso8601(*migration.applied_at) : "pending")
              << (migration.checksum_matches ? "" : "  CHANGED since it was applied") << '\n';
  }
  return 0;
}

int migrate_up(const LoadedSettings& loaded, int target) {
  Backend backend = open_unmigrated(loaded);
  std::cout << Migrations(backend.database(), backend.clock()).up(target) << " applied\n";
  return 0;
}

int migrate_down(const LoadedSettings& loaded, int steps) {
  Backend backend = open_unmigrated(loaded);
  std::cout << Migrations(backend.database(), backend.clock()).down(steps) << " taken back\n";
  return 0;
}

}  // namespace backend::server::cli
