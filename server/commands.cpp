#include "commands.h"

#include <backend/backend.h>
#include <backend/migrations.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <thread>

#include "http/application.h"
#include "routes/routes.h"
#include "transport/transport.h"

namespace backend::server {
namespace {

/// SIGINT and SIGTERM are taken by sigwait() alone: blocked here, before any thread is started.
sigset_t block_stop_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

/// On standard output: whoever starts the server reads the port there, whatever the log's level and form.
void announce(const Settings& settings, int port) {
  const std::string host = settings.host.find(':') == std::string::npos ? settings.host : "[" + settings.host + "]";
  const std::string address = "http://" + host + ":" + std::to_string(port);
  std::cout << "Listening on " << address << "\nDocumentation: " << address << "/docs\nData folder: "
            << std::filesystem::absolute(settings.data_dir).lexically_normal().string() << std::endl;
}

/// A handler that outlives the grace cannot be ended by anybody: the process ends without it.
void end_even_if_stuck(std::thread& server, const std::atomic<bool>& done, Log& log) {
  for (int i = 0; i < 20 && !done; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  if (!done) {
    log.warning("requests still running are abandoned");
    std::_Exit(0);
  }
  server.join();
}

Settings without_migration(Settings settings) {
  settings.auto_migrate = false;
  return settings;
}

}  // namespace

int serve(const Settings& settings) {
  const sigset_t stop_signals = block_stop_signals();
  Log log(settings);
  Backend backend(settings);
  Application application(backend, log, all_routes());
  TransportOptions options;
  options.host = settings.host;
  options.port = settings.port;
  options.threads = settings.workers;
  const auto transport = httplib_transport(options, application);
  announce(settings, transport->bind());

  std::atomic<bool> done{false};
  const pthread_t waiter = pthread_self();
  std::thread server([&] {
    transport->run();
    done = true;
    pthread_kill(waiter, SIGTERM);  // should it end by itself
  });
  int signal_number = 0;
  sigwait(&stop_signals, &signal_number);
  const bool asked = !done;
  if (asked) log.info("stopping");
  application.begin_drain();
  transport->stop(std::chrono::milliseconds(settings.shutdown_timeout_ms));
  end_even_if_stuck(server, done, log);
  if (!asked) log.error("the listening socket failed");
  return asked ? 0 : 1;
}

int migrate_up(const Settings& settings, int target) {
  Backend backend(without_migration(settings));
  const int count = Migrations(backend.database(), backend.clock()).up(target);
  std::cout << count << (count == 1 ? " migration applied\n" : " migrations applied\n");
  return 0;
}

int migrate_down(const Settings& settings, int steps) {
  Backend backend(without_migration(settings));
  const int count = Migrations(backend.database(), backend.clock()).down(steps);
  std::cout << count << (count == 1 ? " migration taken back\n" : " migrations taken back\n");
  return 0;
}

int migration_status(const Settings& settings) {
  Backend backend(without_migration(settings));
  for (const MigrationStatus& migration : Migrations(backend.database(), backend.clock()).status())
    std::cout << std::setw(4) << std::setfill('0') << migration.version << "  " << migration.name << "  "
              << (migration.applied_at ? to_iso8601(*migration.applied_at) : "pending")
              << (migration.checksum_matches ? "" : "  CHANGED AFTER IT WAS APPLIED") << '\n';
  return 0;
}

int print_config(const LoadedSettings& loaded) {
  for (const SettingReport& setting : loaded.report)
    std::cout << setting.name << '=' << setting.value << "  # " << to_string(setting.origin) << '\n';
  return 0;
}

int print_version() {
  std::cout << "backend-server " BACKEND_VERSION "\n";
  return 0;
}

}  // namespace backend::server
