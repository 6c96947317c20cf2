// Faults that only a database server can have.
#include "adapters/adapters.h"
#include "support/test_databases.h"

#include <barrier>
#include <latch>
#include <thread>

namespace backend::testing {
namespace {

using std::chrono::milliseconds;

class Postgres : public OnPostgres {
 protected:
  void SetUp() override {
    OnPostgres::SetUp();
    if (IsSkipped()) return;
    db_->exec("CREATE TABLE item (id BIGINT PRIMARY KEY, n BIGINT)");
    other_ = place_->open(1);
  }
  static std::int64_t process(Database& db) { return integer(db, "SELECT pg_backend_pid()"); }

  void end(std::int64_t process) {
    Database& db = *other_;
    db.query("SELECT pg_terminate_backend($1::int)", {process});
    while (integer(db, "SELECT COUNT(*) FROM pg_stat_activity WHERE pid = $1", {process}) != 0)
      std::this_thread::yield();
  }

  /// Waits until that process runs a statement that sleeps, then ends it.
  void end_while_it_sleeps(std::int64_t process) {
    while (integer(*other_, "SELECT COUNT(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'",
                   {process}) == 0) {
      std::this_thread::yield();
    }
    end(process);
  }

  std::unique_ptr<Database> one() { return place_->open(1, milliseconds(5000)); }

  std::unique_ptr<Database> other_;  ///< for what happens behind the back of the one under test
};

TEST_F(Postgres, NoticesAConnectionThatDiedWhileIdle) {
  const auto db = one();
  end(process(*db));
  EXPECT_EQ(db->exec("INSERT INTO item VALUES (1, 0)"), 1) << "a write: nothing had been sent";
  end(process(*db));
  EXPECT_EQ(integer(*db, "SELECT COUNT(*) FROM item"), 1);
  end(process(*db));
  db->transaction([](Database& inner) { inner.exec("INSERT INTO item VALUES (2, 0)"); });
  EXPECT_EQ(integer(*db, "SELECT COUNT(*) FROM item"), 2);
}

TEST_F(Postgres, HealsAPoolThatDiedAsAWhole) {
  std::vector<std::unique_ptr<Transaction>> open;
  for (int i = 0; i < 4; ++i) open.push_back(db_->begin());
  for (auto& transaction : open) end(process(*transaction));
  for (auto& transaction : open) EXPECT_ERROR(unavailable, transaction->query("SELECT 1"));
  open.clear();
  for (int i = 0; i < 8; ++i) EXPECT_EQ(integer(*db_, "SELECT 1"), 1);
}

TEST_F(Postgres, LosesATransactionWithItsConnection) {
  const auto db = one();
  {
    const auto open = db->begin();
    open->exec("INSERT INTO item VALUES (1, 0)");
    end(process(*open));
    EXPECT_ERROR(unavailable, open->exec("INSERT INTO item VALUES (2, 0)"));
    EXPECT_ERROR(internal, open->commit());
  }
  EXPECT_EQ(integer(*db, "SELECT COUNT(*) FROM item"), 0);
}

TEST_F(Postgres, SaysThatACommitsFateIsUnknown) {
  const auto db = one();
  const auto open = db->begin();
  open->exec("INSERT INTO item VALUES (1, 0)");
  end(process(*open));
  const Error error = error_of([&] { open->commit(); });
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_NE(std::string(error.what()).find("unknown"), std::string::npos) << error.what();
}

TEST_F(Postgres, DoesNotRepeatAWriteWhoseFateIsUnknown) {
  const auto db = one();
  const auto pid = process(*db);
  std::thread killer([&] { end_while_it_sleeps(pid); });
  EXPECT_ERROR(unavailable, db->exec("INSERT INTO item SELECT 1, 0 FROM pg_sleep(30)"));
  killer.join();
  EXPECT_EQ(integer(*db, "SELECT COUNT(*) FROM item"), 0);
}

TEST_F(Postgres, RepeatsAReadOnce) {
  const auto db = one();
  const auto pid = process(*db);
  std::thread killer([&] { end_while_it_sleeps(pid); });
  EXPECT_EQ(integer(*db, "SELECT 1 FROM pg_sleep(1)"), 1);
  killer.join();
}

TEST_F(Postgres, RunsADeadlockedTransactionAgain) {
  db_->exec("INSERT INTO item VALUES (1, 0), (2, 0)");
  std::barrier both_hold_one(2);
  std::atomic<int> runs = 0;
  const auto update = [&](std::int64_t first, std::int64_t second) {
    bool met = false;
    db_->transaction([&](Database& inner) {
      ++runs;
      inner.exec("UPDATE item SET n = n + 1 WHERE id = $1", {first});
      if (!met) both_hold_one.arrive_and_wait();
      met = true;
      inner.exec("UPDATE item SET n = n + 1 WHERE id = $1", {second});
    });
  };
  std::thread other([&] { update(2, 1); });
  update(1, 2);
  other.join();
  EXPECT_GE(runs, 3);
  EXPECT_EQ(integer(*db_, "SELECT SUM(n) FROM item"), 4);
}

TEST_F(Postgres, RunsATransactionFiveTimesAtMost) {
  int runs = 0;
  EXPECT_ERROR(unavailable, db_->transaction([&](Database& inner) {
    ++runs;
    inner.exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
  }));
  EXPECT_EQ(runs, 5);
  runs = 0;
  db_->transaction([&](Database& inner) {
    if (++runs < 3) inner.exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
  });
  EXPECT_EQ(runs, 3);
}

TEST_F(Postgres, GivesUpOnALockThatIsHeld) {
  db_->exec("INSERT INTO item VALUES (1, 0)");
  const auto open = db_->begin();
  open->exec("UPDATE item SET n = 1");
  const Error error = error_of([&] { place_->open(1, milliseconds(50))->exec("UPDATE item SET n = 2"); });
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_NE(std::string(error.what()).find("DATABASE_TIMEOUT_MS"), std::string::npos) << error.what();
}

TEST_F(Postgres, SaysThatTheServerIsAway) {
  const auto db = adapters::open_postgres("postgresql://user:hush@127.0.0.1:1/none", 2, milliseconds(500));
  for (int i = 0; i < 5; ++i) {
    const Error error = error_of([&] { db->query("SELECT 1"); });
    EXPECT_EQ(error.code(), ErrorCode::unavailable) << "each time, and no place of the pool is lost";
    EXPECT_EQ(std::string(error.what()).find("hush"), std::string::npos);
  }
  EXPECT_ERROR(unavailable, db->begin());
}

TEST_F(Postgres, NamesItselfAndSpeaksUtc) {
  EXPECT_EQ(text(*db_, "SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()"),
            "libbackend");
  EXPECT_EQ(text(*db_, "SHOW TimeZone"), "UTC");
}

TEST_F(Postgres, ReadsEveryKindOfNumber) {
  const Rows rows = db_->query(
      "SELECT 1::int2, 2::int4, 3::int8, true, false, 1.5::numeric, 7::numeric, 0.1::float8, 'NaN'::float8, "
      "'x'::varchar");
  EXPECT_EQ(rows[0].integer(0) + rows[0].integer(1) + rows[0].integer(2), 6);
  EXPECT_TRUE(rows[0].boolean(3));
  EXPECT_FALSE(rows[0].boolean(4));
  EXPECT_EQ(rows[0].real(5), 1.5);
  EXPECT_EQ(rows[0].integer(6), 7);
  EXPECT_EQ(rows[0].real(7), 0.1);
  EXPECT_NE(rows[0].real(8), rows[0].real(8));
  EXPECT_EQ(rows[0].text(9), "x");
}

TEST_F(Postgres, LeavesParametersInQuotesAlone) {
  EXPECT_EQ(text(*db_, "SELECT E'it\\'s $1' || $tag$ $1 $tag$ || 'a''$1' || $1", {"!"}), "it's $1 $1 a'$1!");
}

TEST_F(Postgres, OutlivesAClearedSession) {
  const auto db = one();
  EXPECT_EQ(integer(*db, "SELECT $1", {1}), 1);
  db->exec("DEALLOCATE ALL");
  EXPECT_EQ(integer(*db, "SELECT $1", {2}), 2);
}

}  // namespace
}  // namespace backend::testing
