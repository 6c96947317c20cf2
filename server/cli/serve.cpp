#include <backend/backend.h>
#include <pthread.h>
#include <signal.h>

#include <iostream>
#include <thread>

#include "cli/commands.h"
#include "http/server.h"

namespace backend::server::cli {
namespace {

/// Blocks the signals that end the server in this thread and all that it starts, and waits for them in one.
class Signals {
 public:
  Signals() {
    ::signal(SIGPIPE, SIG_IGN);  // a client that went away is an error of its own connection only
    sigemptyset(&set_);
    for (int number : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }

  /// Calls `stop` at the first SIGINT or SIGTERM. A second one ends the process at once.
  template <class Stop>
  void watch(Stop stop) {
    thread_ = std::thread([this, stop] {
      int number = 0;
      sigwait(&set_, &number);
      if (number == SIGUSR1) return;
      ::signal(number, SIG_DFL);
      sigset_t one;
      sigemptyset(&one);
      sigaddset(&one, number);
      pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
      stop();
    });
  }

  ~Signals() {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), SIGUSR1);  // the server ended by itself
    thread_.join();
  }

 private:
  sigset_t set_{};
  std::thread thread_;
};

void announce(const Settings& settings, int port) {
  std::string host = settings.host.find(':') == std::string::npos ? settings.host : "[" + settings.host + "]";
  std::string address = "http://" + host + ":" + std::to_string(port);
  std::cout << settings.project_name << ' ' << settings.version << '\n'
            << "  address  " << address << '\n'
            << "  docs     " << address << "/docs\n"
            << "  data     " << std::filesystem::absolute(settings.data_dir).lexically_normal().string() << std::endl;
}

}  // namespace

int serve(const LoadedSettings& loaded) {
  Signals signals;  // before any thread is made
  Backend backend(loaded.settings);
  HttpServer server(backend);
  int port = server.bind();
  announce(backend.settings(), port);
  signals.watch([&server] { server.stop(); });
  server.run();
  return 0;
}

}  // namespace backend::server::cli
