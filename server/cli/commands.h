#pragma once
#include <backend/settings.h>

/// What backend-server does, a function a subcommand. Each returns the exit code; Errors go to the caller.
namespace backend::server::cli {

/// Serves until SIGINT or SIGTERM, then lets requests in flight finish.
int serve(const LoadedSettings& loaded);

/// Prints every setting, its value and where it came from; secrets are masked.
int show_config(const LoadedSettings& loaded);

int migrate_status(const LoadedSettings& loaded);
/// `target` 0: all.
int migrate_up(const LoadedSettings& loaded, int target);
int migrate_down(const LoadedSettings& loaded, int steps);

}  // namespace backend::server::cli
