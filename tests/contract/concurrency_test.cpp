// Many threads over one handle, several handles over one database, waits that end.
#include "adapters/adapters.h"
#include "support/pool.h"
#include "support/test_databases.h"

#include <barrier>
#include <latch>
#include <thread>

namespace backend::testing {
namespace {

using std::chrono::milliseconds;

BACKEND_ON_EACH_DATABASE(Concurrency);

TEST_P(Concurrency, ServesManyThreads) {
  db_->exec("CREATE TABLE item (id BIGINT PRIMARY KEY, t TEXT)");
  constexpr int threads = 8, each = 60;
  std::barrier start(threads);
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      start.arrive_and_wait();
      for (int i = 0; i < each; ++i) {
        const int id = t * each + i;
        db_->exec("INSERT INTO item VALUES ($1, $2)", {id, std::to_string(id)});
        EXPECT_EQ(text(*db_, "SELECT t FROM item WHERE id = $1", {id}), std::to_string(id));
      }
    });
  }
  for (auto& thread : running) thread.join();
  EXPECT_EQ(integer(*db_, "SELECT COUNT(*) FROM item"), threads * each);
}

TEST_P(Concurrency, GivesUpWaitingWithTheNameOfTheSetting) {
  if (in_memory()) return;  // each handle is a database of its own
  const auto small = place_->open(1, milliseconds(50));
  const auto open = small->begin();
  std::thread([&] {
    const Error error = error_of([&] { small->begin(); });
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_NE(std::string(error.what()).find("DATABASE_TIMEOUT_MS"), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("DATABASE_POOL_SIZE") != std::string::npos, postgres())
        << error.what();
    EXPECT_TRUE(error.retry_after());
  }).join();
}

TEST_P(Concurrency, RefusesAWriteThatWouldWaitForItself) {
  if (postgres()) return;  // a pool of several writers; see the test above for one of one
  db_->exec("CREATE TABLE item (n BIGINT)");
  {
    const auto open = db_->begin();
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_ERROR(unavailable, db_->exec("INSERT INTO item VALUES (1)"));
    EXPECT_ERROR(unavailable, db_->begin());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4))
        << "at once, not after the timeout";
  }
  EXPECT_EQ(db_->exec("INSERT INTO item VALUES (1)"), 1);
}

TEST_P(Concurrency, ReadsBesideAWriterOfAnotherThread) {
  if (in_memory()) return;
  db_->exec("CREATE TABLE item (n BIGINT)");
  const auto open = db_->begin();
  open->exec("INSERT INTO item VALUES (1)");
  std::thread([&] { EXPECT_EQ(integer(*db_, "SELECT COUNT(*) FROM item"), 0); }).join();
}

TEST_P(Concurrency, SeveralHandlesShareOneDatabase) {
  if (in_memory()) return;
  db_->exec("CREATE TABLE item (n BIGINT)");
  const auto second = place_->open();
  std::barrier start(2);
  const auto insert = [&](Database& db) {
    start.arrive_and_wait();
    for (int i = 0; i < 30; ++i)
      db.transaction([](Database& inner) { inner.exec("INSERT INTO item VALUES (1)"); });
  };
  std::thread other([&] { insert(*second); });
  insert(*db_);
  other.join();
  EXPECT_EQ(integer(*second, "SELECT COUNT(*) FROM item"), 60);
}

TEST_P(Concurrency, OpensAndClosesAgain) {
  if (in_memory()) return;
  db_->exec("CREATE TABLE item (n BIGINT)");
  db_.reset();
  for (int i = 0; i < 3; ++i) place_->open()->exec("INSERT INTO item VALUES (1)");
  EXPECT_EQ(integer(*place_->open(), "SELECT COUNT(*) FROM item"), 3);
}

TEST(PoolTest, ServesThoseWhoWaitInTheirOrder) {
  Pool<int> pool(1, [] { return std::make_unique<int>(0); });
  auto lease = pool.acquire(milliseconds(0));
  EXPECT_FALSE(pool.acquire(milliseconds(1)));
  std::thread other([&] {
    const auto next = pool.acquire(std::chrono::seconds(30));
    EXPECT_EQ(*next, 7) << "the same resource";
  });
  *lease = 7;
  lease = {};
  other.join();
  EXPECT_TRUE(pool.acquire(milliseconds(0)));
}

TEST(PoolTest, GivesThePlaceBackWhenMakingFails) {
  int made = 0;
  Pool<int> pool(1, [&]() -> std::unique_ptr<int> {
    if (++made == 1) throw std::runtime_error("not yet");
    return std::make_unique<int>(made);
  });
  EXPECT_THROW(pool.acquire(milliseconds(0)), std::runtime_error);
  auto lease = pool.acquire(milliseconds(0));
  EXPECT_EQ(*lease, 2);
  lease.discard();
  lease = {};
  EXPECT_EQ(*pool.acquire(milliseconds(0)), 3);
}

}  // namespace
}  // namespace backend::testing
