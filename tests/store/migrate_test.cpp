#include "store/migrate.h"
#include "store/schema.h"
#include "support/test_databases.h"

#include <sys/wait.h>
#include <unistd.h>

namespace backend::testing {
namespace {

using store::MigrationScript;
using store::Migrator;

constexpr MigrationScript two[] = {
    {1, "first", "CREATE TABLE a (id {{id}}, n BIGINT)", "DROP TABLE a"},
    {2, "second", "CREATE TABLE b (n BIGINT); INSERT INTO b VALUES (1)", "DROP TABLE b"},
};

class MigrationsTest : public OnEachDatabase {
 protected:
  Migrator migrator(std::span<const MigrationScript> scripts) { return Migrator(*db_, clock_, scripts); }
  bool exists(std::string_view table) { return store::is_table(*db_, table); }
  ManualClock clock_;
};

INSTANTIATE_TEST_SUITE_P(On, MigrationsTest,
                         ::testing::Values(Kind::sqlite_file, Kind::sqlite_memory, Kind::postgres),
                         [](const auto& kind) { return name_of(kind.param); });

TEST_P(MigrationsTest, RunWhatIsMissingAndOnlyThat) {
  EXPECT_EQ(migrator(two).up(1), 1);
  EXPECT_TRUE(exists("a"));
  EXPECT_FALSE(exists("b"));
  EXPECT_EQ(migrator(two).up(0), 1);
  EXPECT_TRUE(exists("b"));
  EXPECT_EQ(migrator(two).up(0), 0);
}

TEST_P(MigrationsTest, MakeIdentityKeysOfTheMarker) {
  migrator(two).up(0);
  EXPECT_EQ(integer(*db_, "INSERT INTO a (n) VALUES (0) RETURNING id"), 1);
  db_->exec("INSERT INTO a (id, n) VALUES (7, 0)");
  db_->exec("DELETE FROM a");
  EXPECT_GT(integer(*db_, "INSERT INTO a (n) VALUES (0) RETURNING id"), 1) << "ids are not used again";
}

TEST_P(MigrationsTest, TellTheirStatus) {
  EXPECT_FALSE(migrator(two).status()[0].applied_at);
  migrator(two).up(1);
  const auto status = migrator(two).status();
  ASSERT_EQ(status.size(), 2u);
  EXPECT_EQ(status[0].name, "first");
  EXPECT_EQ(status[0].applied_at, clock_.now());
  EXPECT_TRUE(status[0].checksum_matches);
  EXPECT_FALSE(status[1].applied_at);
}

TEST_P(MigrationsTest, TakeBackTheNewestFirst) {
  migrator(two).up(0);
  EXPECT_EQ(migrator(two).down(1), 1);
  EXPECT_FALSE(exists("b"));
  EXPECT_TRUE(exists("a"));
  EXPECT_EQ(migrator(two).down(5), 1);
  EXPECT_FALSE(exists("a"));
  EXPECT_EQ(migrator(two).down(1), 0);
  EXPECT_EQ(migrator(two).up(0), 2);
}

TEST_P(MigrationsTest, LeaveNothingWhenTheyFail) {
  constexpr MigrationScript bad[] = {
      two[0],
      {2, "bad", "CREATE TABLE b (n BIGINT); INSERT INTO b VALUES (1); INSERT INTO nowhere VALUES (1)", ""}};
  EXPECT_ERROR(internal, migrator(bad).up(0));
  EXPECT_TRUE(exists("a")) << "the one before stays";
  EXPECT_FALSE(exists("b"));
  EXPECT_FALSE(migrator(bad).status()[1].applied_at);
  EXPECT_EQ(migrator(two).up(0), 1) << "and the mended one runs";
}

TEST_P(MigrationsTest, RefuseAScriptThatWasChanged) {
  migrator(two).up(0);
  constexpr MigrationScript changed[] = {{1, "first", "CREATE TABLE a (other TEXT)", "DROP TABLE a"}, two[1]};
  EXPECT_FALSE(migrator(changed).status()[0].checksum_matches);
  const Error error = error_of([&] { migrator(changed).up(0); });
  EXPECT_EQ(error.code(), ErrorCode::conflict);
  EXPECT_NE(std::string(error.what()).find("1 (first)"), std::string::npos) << error.what();
  EXPECT_ERROR(conflict, migrator(changed).down(1));
}

TEST_P(MigrationsTest, RefuseADatabaseThatIsNewer) {
  migrator(two).up(0);
  const auto older = std::span(two).first(1);
  EXPECT_ERROR(conflict, migrator(older).up(0));
  EXPECT_ERROR(conflict, migrator(older).down(1));
  EXPECT_EQ(migrator(older).status().size(), 2u);
  EXPECT_TRUE(exists("b"));
}

TEST_P(MigrationsTest, RefuseATableOfAnotherProgram) {
  db_->exec("CREATE TABLE schema_migrations (version BIGINT, dirty SMALLINT)");
  EXPECT_ERROR(conflict, migrator(two).up(0));
}

TEST_P(MigrationsTest, RunOnceWhenThreeProcessesStart) {
  if (in_memory()) return;
  db_.reset();
  std::vector<pid_t> children;
  for (int c = 0; c < 3; ++c) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        ::_exit(10 + Migrations(*place_->open(), clock_).up());
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        ::_exit(1);
      }
    }
    children.push_back(child);
  }
  int migrated = 0;
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_GE(WEXITSTATUS(status), 10);
    migrated += WEXITSTATUS(status) - 10;
  }
  EXPECT_EQ(migrated, static_cast<int>(store::migration_scripts().size()));
}

TEST_P(MigrationsTest, OfThisLibraryGoUpAndDownAndUp) {
  Migrations migrations(*db_, clock_);
  const auto count = static_cast<int>(store::migration_scripts().size());
  for (int i = 0; i < count; ++i) {  // each one's way down is tried from where it leads
    EXPECT_EQ(migrations.up(i + 1), 1);
    EXPECT_EQ(migrations.down(), 1);
    EXPECT_EQ(migrations.up(i + 1), 1);
  }
  EXPECT_EQ(migrations.down(count), count);
  for (const char* table : {"users", "sessions", "messages", "documents", "notifications"})
    EXPECT_FALSE(exists(table));
  EXPECT_EQ(migrations.up(), count);
}

TEST_P(MigrationsTest, DoNotTakeUsersAway) {
  Migrations migrations(*db_, clock_);
  migrations.up();
  db_->exec(
      "INSERT INTO users (email, email_key, password_hash, full_name, created_at, updated_at) VALUES ('a', "
      "'a', '', '', 0, 0)");
  const Error error = error_of([&] { migrations.down(100); });
  EXPECT_EQ(error.code(), ErrorCode::conflict);
  EXPECT_EQ(integer(*db_, "SELECT COUNT(*) FROM users"), 1);
  db_->exec("DELETE FROM users");
  migrations.up();
  EXPECT_GE(migrations.down(100), 1);
}

TEST_P(MigrationsTest, RefuseATableInTheWay) {
  db_->exec("CREATE TABLE users (id BIGINT, nickname TEXT)");
  const Error error = error_of([&] { Migrations(*db_, clock_).up(); });
  EXPECT_EQ(error.code(), ErrorCode::conflict);
  EXPECT_NE(std::string(error.what()).find("users"), std::string::npos);
  EXPECT_FALSE(exists("messages"));
  EXPECT_FALSE(exists("schema_migrations"));
}

TEST(MigrationScripts, AreNumberedWithoutGaps) {
  int version = 0;
  for (const auto& script : store::migration_scripts()) {
    EXPECT_EQ(script.version, ++version);
    EXPECT_FALSE(script.up.empty());
    EXPECT_FALSE(script.down.empty());
  }
}

}  // namespace
}  // namespace backend::testing
