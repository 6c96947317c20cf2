#include <backend/settings.h>

#include <backend/error.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace backend {
namespace {

using Values = std::map<std::string, std::string>;

class LoadSettings : public testing::Test {
 protected:
  void SetUp() override {
    auto pattern = (std::filesystem::temp_directory_path() / "settings_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path dotenv(const std::string& text) {
    std::ofstream(folder_ / ".env", std::ios::binary) << text;
    return folder_ / ".env";
  }
  std::filesystem::path folder_;
};

Settings from(const Values& flags) { return load_settings(flags, {}, {}).settings; }

SettingReport report_of(const LoadedSettings& loaded, std::string_view name) {
  for (const auto& report : loaded.report)
    if (report.name == name) return report;
  ADD_FAILURE() << name;
  return {};
}

std::string refusal(const Values& flags, std::string* field = nullptr) {
  try {
    from(flags);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid);
    if (field) *field = error.field();
    return error.what();
  }
  return "accepted";
}

TEST_F(LoadSettings, HasDefaults) {
  const auto loaded = load_settings({}, {}, {});
  EXPECT_EQ(loaded.settings.port, 8000);
  EXPECT_EQ(loaded.settings.cors_origins, std::vector<std::string>{"http://localhost:3000"});
  EXPECT_EQ(loaded.settings.database_url, "");
  for (const auto& report : loaded.report) EXPECT_EQ(report.origin, SettingOrigin::default_value) << report.name;
}

TEST_F(LoadSettings, TakesFlagsOverEnvironmentOverDotenv) {
  const auto file = dotenv("PORT=1\nHOST=a\nLOG_LEVEL=debug\n");
  const auto loaded = load_settings({{"PORT", "3"}}, {{"PORT", "2"}, {"HOST", "b"}, {"PATH", "x"}}, file);
  EXPECT_EQ(loaded.settings.port, 3);
  EXPECT_EQ(loaded.settings.host, "b");
  EXPECT_EQ(loaded.settings.log_level, "debug");
  EXPECT_EQ(report_of(loaded, "PORT").origin, SettingOrigin::flag);
  EXPECT_EQ(report_of(loaded, "HOST").origin, SettingOrigin::environment);
  EXPECT_EQ(report_of(loaded, "LOG_LEVEL").origin, SettingOrigin::dotenv);
}

TEST_F(LoadSettings, RefusesBadValuesByName) {
  std::string field;
  EXPECT_EQ(refusal({{"PORT", "abc"}}, &field), "PORT (flag): \"abc\" is not allowed; expected a whole number from 0 to 65535");
  EXPECT_EQ(field, "PORT");
  for (const char* port : {"", "-1", "65536", "80x", "0x50", "8 0", "99999999999999999999", "1e3", "+1"})
    EXPECT_NE(refusal({{"PORT", port}}), "accepted") << port;
  EXPECT_EQ(from({{"PORT", " 80 "}}).port, 80);
  EXPECT_NE(refusal({{"BCRYPT_COST", "3"}}), "accepted");
  EXPECT_NE(refusal({{"BCRYPT_COST", "16"}}), "accepted");
  EXPECT_NE(refusal({{"AUTO_MIGRATE", "maybe"}}), "accepted");
  EXPECT_NE(refusal({{"ENVIRONMENT", "prod"}}).find("one of development, test, production"), std::string::npos);
  EXPECT_NE(refusal({{"API_V1_STR", "api"}}), "accepted");
  EXPECT_NE(refusal({{"JWT_LEEWAY_SECONDS", "61"}}), "accepted");
  EXPECT_NE(refusal({{"PASSWORD_MIN_LENGTH", "20"}, {"PASSWORD_MAX_LENGTH", "10"}}), "accepted");
}

TEST_F(LoadSettings, RefusesBadValuesThatAStrongerSourceHides) {
  EXPECT_THROW(load_settings({{"PORT", "1"}}, {{"PORT", "x"}}, {}), Error);
}

TEST_F(LoadSettings, ReadsFlagsOfAllKinds) {
  EXPECT_FALSE(from({{"AUTO_MIGRATE", "No"}}).auto_migrate);
  EXPECT_TRUE(from({{"AUTO_MIGRATE", "1"}}).auto_migrate);
  EXPECT_EQ(from({{"LOG_LEVEL", "INFO"}}).log_level, "info");
}

TEST_F(LoadSettings, HintsAtUnknownNames) {
  std::string field;
  EXPECT_EQ(refusal({{"SECRT_KEY", "x"}}, &field), "unknown setting \"SECRT_KEY\" (flag); did you mean SECRET_KEY?");
  EXPECT_EQ(field, "SECRT_KEY");
  EXPECT_EQ(refusal({{"secret_key", "x"}}), "unknown setting \"secret_key\" (flag); did you mean SECRET_KEY?");
  EXPECT_EQ(refusal({{"COMPLETELY_DIFFERENT", "x"}}), "unknown setting \"COMPLETELY_DIFFERENT\" (flag)");
  EXPECT_THROW(load_settings({}, {}, dotenv("PROT=1")), Error);
  EXPECT_NO_THROW(load_settings({}, {{"PROT", "1"}}, {}));
}

TEST_F(LoadSettings, ReadsListsAndTheirAliases) {
  const std::vector<std::string> two{"https://a.example", "http://b.example:3000"};
  EXPECT_EQ(from({{"CORS_ORIGINS", "https://a.example, http://b.example:3000/"}}).cors_origins, two);
  EXPECT_EQ(from({{"ALLOWED_ORIGINS", R"(["https://a.example","http://b.example:3000"])"}}).cors_origins, two);
  EXPECT_EQ(from({{"BACKEND_CORS_ORIGINS", "https://a.example"}}).cors_origins.size(), 1U);
  EXPECT_EQ(from({{"CORS_ORIGINS", "https://a.example"}, {"ALLOWED_ORIGINS", ""}}).cors_origins.size(), 1U);
  EXPECT_TRUE(from({{"CORS_ORIGINS", ""}}).cors_origins.empty());
  for (const char* bad : {"example.com", "https://", "https://a/b", "[1]", "[\"https://a\"", "https://*.a.example"})
    EXPECT_NE(refusal({{"CORS_ORIGINS", bad}}), "accepted") << bad;
}

TEST_F(LoadSettings, RefusesAnyOriginTogetherWithCredentials) {
  EXPECT_NE(refusal({{"CORS_ORIGINS", "*"}}).find("CORS_ALLOW_CREDENTIALS=false"), std::string::npos);
  EXPECT_EQ(from({{"CORS_ORIGINS", "*"}, {"CORS_ALLOW_CREDENTIALS", "false"}}).cors_origins, std::vector<std::string>{"*"});
}

TEST_F(LoadSettings, MakesAnUrlOfTheFastApiNames) {
  EXPECT_EQ(from({{"DB_HOST", "db"}}).database_url, "postgresql://postgres:password@db:5432/myapp");
  EXPECT_EQ(from({{"DB_NAME", "app"}}).database_url, "postgresql://postgres:password@localhost:5432/app");
  EXPECT_EQ(from({{"DB_HOST", "::1"}, {"DB_PORT", "6543"}, {"DB_NAME", "a b"}, {"DB_USER", "u@x"}, {"DB_PASSWORD", "p:/?#%&"}}).database_url,
            "postgresql://u%40x:p%3A%2F%3F%23%25%26@[::1]:6543/a%20b");
  EXPECT_EQ(from({{"DB_HOST", "/var/run/postgresql"}}).database_url, "postgresql://postgres:password@%2Fvar%2Frun%2Fpostgresql:5432/myapp");
  EXPECT_EQ(from({{"DB_HOST", "db"}, {"DATABASE_URL", "sqlite:///:memory:"}}).database_url, "sqlite:///:memory:");
  EXPECT_EQ(from({{"DB_HOST", ""}}).database_url, "");
  EXPECT_NE(refusal({{"DB_PORT", "x"}}), "accepted");
}

TEST_F(LoadSettings, MasksSecrets) {
  const Values flags{{"SECRET_KEY", "canary-canary-canary-canary-canary"},
                     {"DATABASE_URL", "postgresql://u:canary@h/d?password=canary&x=1"},
                     {"DB_PASSWORD", "canary"}};
  const auto loaded = load_settings(flags, {}, {});
  for (const auto& report : loaded.report) EXPECT_EQ(report.value.find("canary"), std::string::npos) << report.name;
  EXPECT_EQ(report_of(loaded, "DATABASE_URL").value, "postgresql://u:********@h/d?password=********&x=1");
  EXPECT_EQ(report_of(loaded, "SECRET_KEY").value, "********");
  EXPECT_EQ(report_of(load_settings({{"DB_PASSWORD", "can@ry"}}, {}, {}), "DATABASE_URL").value,
            "postgresql://postgres:********@localhost:5432/myapp");
}

TEST_F(LoadSettings, ChecksTheKeyInProduction) {
  const auto with = [](const std::string& key) { return refusal({{"ENVIRONMENT", "production"}, {"SECRET_KEY", key}}); };
  EXPECT_EQ(with("0123456789abcdef0123456789abcdef"), "accepted");
  for (const char* key : {"", "tiny-key", "dev-secret-key-of-32-bytes-or-more", "changeme", "your-secret-key-change-in-production",
                          "your-secret-key-with-anything-behind-it", "0123456789abcdef0123456789abcde"}) {
    const auto text = with(key);
    EXPECT_NE(text.find("SECRET_KEY"), std::string::npos);
    EXPECT_TRUE(!*key || text.find(key) == std::string::npos) << text;
  }
  EXPECT_EQ(refusal({{"ENVIRONMENT", "development"}, {"SECRET_KEY", "changeme"}}), "accepted");
}

TEST_F(LoadSettings, ChecksSettingsMadeInCode) {
  Settings settings;
  EXPECT_NO_THROW(check_settings(settings));
  settings.password_workers = 0;
  try {
    check_settings(settings);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.field(), "PASSWORD_WORKERS");
  }
}

TEST(SettingCatalogue, NamesEverySettingOnce) {
  std::map<std::string, int> names;
  for (const auto& row : setting_catalogue()) {
    EXPECT_FALSE(row.help.empty()) << row.name;
    EXPECT_FALSE(row.allowed.empty()) << row.name;
    EXPECT_EQ(++names[row.name], 1);
    for (const auto& alias : row.aliases) EXPECT_EQ(++names[alias], 1);
  }
  EXPECT_TRUE(names.contains("SECRET_KEY") && names.contains("ALLOWED_ORIGINS") && names.contains("DB_HOST"));
}

std::string example() {
  std::string text = "# Copy to .env and change what you need. Flags and the environment go over this file.\n";
  for (const auto& row : setting_catalogue()) {
    text += "\n# " + row.help + "\n# expected: " + row.allowed + "\n";
    for (const auto& alias : row.aliases) text += "# also as: " + alias + "\n";
    text += "#" + row.name + "=" + row.value + "\n";
  }
  return text;
}

// Run with UPDATE_ENV_EXAMPLE=1 to write it anew.
TEST(SettingCatalogue, IsWhatTheExampleFileShows) {
  const std::string file = std::string(BACKEND_SOURCE_DIR) + "/.env.example";
  if (std::getenv("UPDATE_ENV_EXAMPLE")) std::ofstream(file, std::ios::binary) << example();
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  EXPECT_EQ(text.str(), example());
}

TEST_F(LoadSettings, AcceptsTheExampleWithEveryLineInForce) {
  std::string text;
  std::istringstream lines(example());
  for (std::string line; std::getline(lines, line);) text += (line.size() > 1 && line[0] == '#' && line[1] != ' ' ? line.substr(1) : line) + "\n";
  const auto loaded = load_settings({}, {}, dotenv(text)), defaults = load_settings({}, {}, {});
  for (std::size_t i = 0; i < loaded.report.size(); ++i) EXPECT_EQ(loaded.report[i].value, defaults.report[i].value) << loaded.report[i].name;
}

}  // namespace
}  // namespace backend
