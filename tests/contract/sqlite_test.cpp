#include "adapters/adapters.h"
#include "support/test_databases.h"

#include <sys/wait.h>
#include <unistd.h>

namespace backend::testing {
namespace {

using std::chrono::milliseconds;
namespace fs = std::filesystem;

class Sqlite : public ::testing::Test {
 protected:
  TestDatabase place_{Kind::sqlite_file};
};

TEST_F(Sqlite, WaitsForAnotherProcessAndThenGivesUp) {
  const auto first = place_.open(), second = place_.open(1, milliseconds(30));
  const auto open = first->begin();
  const Error error = error_of([&] { second->exec("CREATE TABLE item (n BIGINT)"); });
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_NE(std::string(error.what()).find("DATABASE_TIMEOUT_MS"), std::string::npos) << error.what();
  EXPECT_EQ(integer(*second, "SELECT 1"), 1) << "reads go on";
  open->commit();
  second->exec("CREATE TABLE item (n BIGINT)");
}

TEST_F(Sqlite, SharesAFileBetweenProcesses) {
  place_.open()->exec("CREATE TABLE item (n BIGINT)");
  std::vector<pid_t> children;
  for (int c = 0; c < 3; ++c) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        const auto db = place_.open();
        for (int i = 0; i < 20; ++i) db->exec("INSERT INTO item VALUES ($1)", {i});
        ::_exit(0);
      } catch (...) {
        ::_exit(1);
      }
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(integer(*place_.open(), "SELECT COUNT(*) FROM item"), 60);
}

TEST_F(Sqlite, WritesTheLogBackWhenClosed) {
  auto db = place_.open();
  db->exec("CREATE TABLE item (n BIGINT)");
  EXPECT_EQ(integer(*db, "SELECT COUNT(*) FROM item"), 0);
  EXPECT_TRUE(fs::exists(place_.address() + "-wal"));
  db.reset();
  EXPECT_FALSE(fs::exists(place_.address() + "-wal"));
}

TEST_F(Sqlite, IsSetUpToLoseNothing) {
  const auto db = place_.open();
  EXPECT_EQ(text(*db, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(integer(*db, "PRAGMA synchronous"), 2) << "FULL";
  EXPECT_EQ(integer(*db, "PRAGMA foreign_keys"), 1);
}

TEST_F(Sqlite, SaysThatTheDiskIsFullAndRecovers) {
  const auto db = place_.open();
  db->exec("CREATE TABLE item (t TEXT)");
  db->query("PRAGMA max_page_count = 10");  // SQLite's own way to run out of space
  const std::string large(100'000, 'x');
  EXPECT_ERROR(unavailable, db->exec("INSERT INTO item VALUES ($1)", {large}));
  {
    const auto open = db->begin();
    open->exec("INSERT INTO item VALUES ('small')");
    EXPECT_ERROR(unavailable, open->exec("INSERT INTO item VALUES ($1)", {large}));
  }
  EXPECT_EQ(integer(*db, "SELECT COUNT(*) FROM item"), 0);
  db->query("PRAGMA max_page_count = 100000");
  db->exec("INSERT INTO item VALUES ($1)", {large});
}

TEST_F(Sqlite, SaysThatAFileCannotBeOpened) {
  EXPECT_ERROR(unavailable, adapters::open_sqlite("/nowhere/at/all/app.db", 1, milliseconds(10)));
  TemporaryFolder folder;
  EXPECT_ERROR(unavailable, adapters::open_sqlite(folder.path().string(), 1, milliseconds(10)));
}

TEST_F(Sqlite, RefusesAFileThatIsNoDatabase) {
  FILE* file = std::fopen(place_.address().c_str(), "wb");
  for (int i = 0; i < 1000; ++i) std::fputs("not a database ", file);
  std::fclose(file);
  EXPECT_ERROR(internal, place_.open());
}

TEST_F(Sqlite, GivesEveryDatabaseInMemoryToOneHandle) {
  const auto a = adapters::open_sqlite(":memory:", 4, milliseconds(100));
  const auto b = adapters::open_sqlite(":memory:", 4, milliseconds(100));
  a->exec("CREATE TABLE item (n BIGINT)");
  EXPECT_ERROR(internal, b->query("SELECT * FROM item"));
}

}  // namespace
}  // namespace backend::testing
