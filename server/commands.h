#pragma once
#include <backend/settings.h>

/// What the subcommands of backend-server do. Each returns the exit status; Error is main()'s to report.
namespace backend::server {

int serve(const Settings& settings);
int migrate_up(const Settings& settings, int target);
int migrate_down(const Settings& settings, int steps);
int migration_status(const Settings& settings);
int print_config(const LoadedSettings& loaded);
int print_version();

}  // namespace backend::server
