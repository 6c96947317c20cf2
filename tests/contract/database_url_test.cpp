#include "adapters/adapters.h"
#include "support/test_databases.h"

namespace backend::testing {
namespace {

namespace fs = std::filesystem;

class DatabaseUrl : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open(const std::string& url) {
    Settings settings;
    settings.database_url = url;
    settings.data_dir = folder_.path() / "data";
    return adapters::open_database(settings);
  }
  std::string in_folder(const char* name) const { return (folder_.path() / name).string(); }
  TemporaryFolder folder_;
};

TEST_F(DatabaseUrl, MakesAFileInTheDataFolderWhenNothingIsSet) {
  open("")->exec("CREATE TABLE item (n BIGINT)");
  EXPECT_TRUE(fs::exists(folder_.path() / "data/app.db"));
}

TEST_F(DatabaseUrl, TakesAbsolutePathsAndMakesTheirFolder) {
  open("sqlite:///" + in_folder("a/b/c.db"));
  EXPECT_TRUE(fs::exists(folder_.path() / "a/b/c.db"));
}

TEST_F(DatabaseUrl, TakesPathsRelativeToTheWorkingFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  open("sqlite:///./here.db");
  open("sqlite+aiosqlite:///sub/here.db");
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(folder_.path() / "here.db"));
  EXPECT_TRUE(fs::exists(folder_.path() / "sub/here.db"));
}

TEST_F(DatabaseUrl, DecodesPercentSigns) {
  open("sqlite:///" + in_folder("a%20b%3F%2.db"));
  EXPECT_TRUE(fs::exists(folder_.path() / "a b?%2.db"));
}

TEST_F(DatabaseUrl, OpensADatabaseInMemory) {
  for (const char* url : {"sqlite:///:memory:", "sqlite://"}) {
    EXPECT_EQ(open(url)->engine(), Database::Engine::sqlite);
  }
  EXPECT_FALSE(fs::exists(":memory:"));
}

TEST_F(DatabaseUrl, RefusesWhatItDoesNotKnowAndHidesThePassword) {
  for (const char* url : {"mysql://ada:hush@db/app", "mysql+pymysql://ada:hu@sh@db/app?password=hush",
                          "app.db", "sqlite://relative.db", "sqlite:///a.db?mode=ro", ""}) {
    if (!*url) continue;
    const Error error = error_of([&] { open(url); });
    EXPECT_EQ(error.code(), ErrorCode::invalid) << url;
    EXPECT_EQ(error.field(), "DATABASE_URL") << url;
    EXPECT_EQ(std::string(error.what()).find("hush"), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("sh@"), std::string::npos) << error.what();
  }
}

TEST_F(DatabaseUrl, OpensPostgresByEverySchemeInUse) {
  const char* server = std::getenv("TEST_POSTGRES_URL");
  if (!server) GTEST_SKIP() << "TEST_POSTGRES_URL is not set";
  const std::string rest = std::string(server).substr(std::string(server).find("://"));
  for (const char* scheme : {"postgresql", "postgres", "postgresql+psycopg2", "postgresql+asyncpg"}) {
    EXPECT_EQ(integer(*open(scheme + rest), "SELECT 1"), 1) << scheme;
  }
}

}  // namespace
}  // namespace backend::testing
