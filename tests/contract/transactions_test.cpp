// What belongs together commits together, on every engine alike.
#include "support/test_databases.h"

#include <barrier>
#include <latch>
#include <thread>

namespace backend::testing {
namespace {

class Transactions : public OnEachDatabase {
 protected:
  void SetUp() override {
    OnEachDatabase::SetUp();
    if (!IsSkipped()) db_->exec("CREATE TABLE item (id BIGINT PRIMARY KEY, n BIGINT)");
  }
  std::int64_t count() { return integer(*db_, "SELECT COUNT(*) FROM item"); }
};

INSTANTIATE_TEST_SUITE_P(On, Transactions,
                         ::testing::Values(Kind::sqlite_file, Kind::sqlite_memory, Kind::postgres),
                         [](const auto& kind) { return name_of(kind.param); });

TEST_P(Transactions, AreSeenAfterCommit) {
  const auto open = db_->begin();
  EXPECT_EQ(open->engine(), db_->engine());
  open->exec("INSERT INTO item VALUES (1, 0)");
  EXPECT_EQ(integer(*open, "SELECT COUNT(*) FROM item"), 1);
  // Also: the pool can be read while this thread holds a transaction. In memory there is one connection for
  // all.
  EXPECT_EQ(count(), in_memory() ? 1 : 0);
  open->commit();
  EXPECT_EQ(count(), 1);
}

TEST_P(Transactions, RollBackWhenDestroyed) {
  db_->begin()->exec("INSERT INTO item VALUES (1, 0)");
  EXPECT_EQ(count(), 0);
  EXPECT_THROW(db_->transaction([](Database& inner) {
    inner.exec("INSERT INTO item VALUES (1, 0)");
    throw std::runtime_error("not an Error");
  }),
               std::runtime_error);
  EXPECT_EQ(count(), 0);
}

TEST_P(Transactions, NestAsSavepoints) {
  const auto outer = db_->begin();
  outer->exec("INSERT INTO item VALUES (1, 0)");
  {
    const auto lost = outer->begin();
    lost->exec("INSERT INTO item VALUES (2, 0)");
    const auto inner = lost->begin();
    inner->exec("INSERT INTO item VALUES (3, 0)");
    inner->commit();
    EXPECT_EQ(integer(*outer, "SELECT COUNT(*) FROM item"), 3);
  }
  EXPECT_EQ(integer(*outer, "SELECT COUNT(*) FROM item"), 1);
  outer->transaction([](Database& inner) { inner.exec("INSERT INTO item VALUES (4, 0)"); });
  outer->commit();
  EXPECT_EQ(count(), 2);
}

TEST_P(Transactions, CanOnlyRollBackAfterAFailedStatement) {
  {
    const auto open = db_->begin();
    open->exec("INSERT INTO item VALUES (1, 0)");
    EXPECT_ERROR(conflict, open->exec("INSERT INTO item VALUES (1, 0)"));
    EXPECT_ERROR(internal, open->query("SELECT 1"));
    EXPECT_ERROR(internal, open->commit());
  }
  EXPECT_EQ(count(), 0);
}

TEST_P(Transactions, GoOnWhenANestedOneFailed) {
  const auto open = db_->begin();
  open->exec("INSERT INTO item VALUES (1, 0)");
  EXPECT_ERROR(conflict,
               open->transaction([](Database& inner) { inner.exec("INSERT INTO item VALUES (1, 0)"); }));
  open->exec("INSERT INTO item VALUES (2, 0)");
  open->commit();
  EXPECT_EQ(count(), 2);
}

TEST_P(Transactions, RefuseUseAfterCommit) {
  const auto open = db_->begin();
  open->commit();
  EXPECT_ERROR(internal, open->query("SELECT 1"));
  EXPECT_ERROR(internal, open->commit());
}

TEST_P(Transactions, RunAScript) {
  const auto open = db_->begin();
  open->exec_script("INSERT INTO item VALUES (1, 0); INSERT INTO item VALUES (2, 0)");
  open->commit();
  EXPECT_EQ(count(), 2);
}

TEST_P(Transactions, PassErrorsOnWithoutRunningAgain) {
  int runs = 0;
  EXPECT_ERROR(conflict, db_->transaction([&](Database& inner) {
    ++runs;
    inner.exec("INSERT INTO item VALUES (1, 0)");
    inner.exec("INSERT INTO item VALUES (1, 0)");
  }));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(count(), 0);
}

TEST_P(Transactions, LoseNoUpdateUnderContention) {
  db_->exec("INSERT INTO item VALUES (1, 0)");
  std::barrier start(4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      for (int i = 0; i < 25; ++i) {
        db_->transaction([](Database& inner) { inner.exec("UPDATE item SET n = n + 1 WHERE id = 1"); });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(integer(*db_, "SELECT n FROM item"), 100);
}

TEST_P(Transactions, MayEndOnAnotherThread) {
  auto open = db_->begin();
  open->exec("INSERT INTO item VALUES (1, 0)");
  std::thread([&] {
    open->exec("INSERT INTO item VALUES (2, 0)");
    open->commit();
    open.reset();
  }).join();
  db_->exec("INSERT INTO item VALUES (3, 0)");
  EXPECT_EQ(count(), 3);
}

TEST_P(Transactions, AreWaitedForByOtherThreads) {
  auto open = db_->begin();
  open->exec("INSERT INTO item VALUES (1, 0)");
  std::latch started(1);
  std::thread other([&] {
    started.count_down();
    db_->exec("UPDATE item SET n = 5 WHERE id = 1");
    db_->exec("INSERT INTO item VALUES (2, 0)");
  });
  started.wait();
  open->commit();
  open.reset();
  other.join();
  EXPECT_EQ(count(), 2);
}

}  // namespace
}  // namespace backend::testing
