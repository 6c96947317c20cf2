#include <backend/error.h>
#include <backend/settings.h>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include "commands.h"

namespace {

constexpr int usage_error = 2;  ///< the command line or a setting

using backend::LoadedSettings;
using backend::SettingReport;

/// "DATABASE_URL" is --database-url.
std::string flag_of(std::string name) {
  for (char& c : name) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return "--" + name;
}

/// Where the command line's settings come from, and the subcommand's own options.
struct CommandLine {
  std::map<std::string, std::string> given;  ///< by setting name; empty when not given
  std::string env_file = ".env";
  int target = 0;
  int steps = 1;

  LoadedSettings load(const CLI::App& app) const {
    std::map<std::string, std::string> flags;
    for (const auto& [name, value] : given)
      if (app.count(flag_of(name)) > 0) flags[name] = value;
    if (app.count("--env-file") > 0 && !std::filesystem::exists(env_file))
      throw backend::Error(backend::ErrorCode::invalid, "no such file: " + env_file, "--env-file");
    return backend::load_settings(flags, backend::process_environment(), env_file);
  }
};

/// Settings may stand before or after the subcommand.
void add_settings(CLI::App& app, CommandLine& line) {
  app.add_option("--env-file", line.env_file, "File with settings, weaker than the environment")->group("Settings");
  for (const SettingReport& setting : backend::setting_catalogue()) {
    const std::string shown = setting.value.empty() ? setting.help : setting.help + " [" + setting.value + "]";
    app.add_option(flag_of(setting.name), line.given[setting.name], shown)->group("Settings");
  }
}

int report(const backend::Error& error) {
  const std::string text = error.what();
  const bool named = error.field().empty() || text.find(error.field()) != std::string::npos;
  std::cerr << "backend-server: " << (named ? "" : error.field() + ": ") << text << '\n';
  return error.code() == backend::ErrorCode::invalid ? usage_error : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"HTTP server of libbackend"};
  app.require_subcommand(1);
  app.fallthrough();
  CommandLine line;
  add_settings(app, line);

  auto* serve = app.add_subcommand("serve", "Serve the API");
  auto* migrate = app.add_subcommand("migrate", "Change or show the database's schema");
  migrate->require_subcommand(1)->fallthrough();
  auto* up = migrate->add_subcommand("up", "Apply what is missing")->fallthrough();
  up->add_option("--to", line.target, "Version to stop at (0: newest)");
  auto* down = migrate->add_subcommand("down", "Take back the newest")->fallthrough();
  down->add_option("--steps", line.steps, "How many")->capture_default_str();
  auto* status = migrate->add_subcommand("status", "Show what is applied")->fallthrough();
  auto* config = app.add_subcommand("config", "Show every setting with its origin");
  auto* version = app.add_subcommand("version", "Show the version");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_error;  // --help is none
  }

  try {
    if (version->parsed()) return backend::server::print_version();
    const LoadedSettings loaded = line.load(app);
    if (config->parsed()) return backend::server::print_config(loaded);
    if (serve->parsed()) return backend::server::serve(loaded.settings);
    if (up->parsed()) return backend::server::migrate_up(loaded.settings, line.target);
    if (down->parsed()) return backend::server::migrate_down(loaded.settings, line.steps);
    if (status->parsed()) return backend::server::migration_status(loaded.settings);
  } catch (const backend::Error& error) {
    return report(error);
  } catch (const std::exception& error) {
    std::cerr << "backend-server: " << error.what() << '\n';
  }
  return 1;
}
