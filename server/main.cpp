#include <backend/error.h>
#include <backend/settings.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>

#include "cli/commands.h"

using namespace backend;
using namespace backend::server;

namespace {

constexpr int usage_fault = 2;

/// SECRET_KEY -> --secret-key
std::string flag_of(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return c == '_' ? '-' : char(std::tolower(c)); });
  return "--" + name;
}

/// What every subcommand takes: the settings, each as a flag, and the file of further ones.
struct SettingFlags {
  std::map<std::string, std::string> given;
  std::string env_file = ".env";

  void add_to(CLI::App& command) {
    command.add_option("--env-file", env_file, "File of settings; need not exist")->capture_default_str();
    for (const auto& setting : setting_catalogue()) {
      command
          .add_option_function<std::string>(
              flag_of(setting.name), [this, name = setting.name](const std::string& value) { given[name] = value; },
              setting.help)
          ->group("Settings");
    }
  }

  LoadedSettings load() const { return load_settings(given, process_environment(), env_file); }
};

int run(int argc, char** argv) {
  CLI::App app("Accounts, messages, documents and PDF understanding over HTTP", "backend-server");
  app.require_subcommand(1);
  SettingFlags flags;
  int target = 0, steps = 1, result = 0;

  auto add = [&](CLI::App& parent, const char* name, const char* help, auto action) {
    CLI::App* command = parent.add_subcommand(name, help);
    flags.add_to(*command);
    command->callback([&result, &flags, action] { result = action(flags.load()); });
    return command;
  };
  add(app, "serve", "Run the server", cli::serve);
  add(app, "config", "Show every setting and where it came from, secrets masked", cli::show_config);
  auto* migrate = app.add_subcommand("migrate", "Change or show the version of the database schema");
  migrate->require_subcommand(1);
  add(*migrate, "status", "List the migrations", cli::migrate_status);
  add(*migrate, "up", "Apply what is missing", [&](const LoadedSettings& loaded) { return cli::migrate_up(loaded, target); })
      ->add_option("--target", target, "Stop after this version; 0: the newest")->check(CLI::NonNegativeNumber);
  add(*migrate, "down", "Take back the newest", [&](const LoadedSettings& loaded) { return cli::migrate_down(loaded, steps); })
      ->add_option("--steps", steps, "How many")->check(CLI::PositiveNumber);
  app.add_subcommand("version", "Print the version")->callback([] { std::cout << BACKEND_VERSION << '\n'; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_fault;
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const Error& error) {
    std::cerr << "backend-server: " << (error.field().empty() ? "" : error.field() + ": ") << error.what() << '\n';
    return error.code() == ErrorCode::invalid ? usage_fault : 1;
  } catch (const std::exception& error) {
    std::cerr << "backend-server: " << error.what() << '\n';
    return 1;
  }
}
