#include "support/gate.h"

#include <backend/error.h>

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace backend::support {
namespace {

TEST(Gate, RefusesBeyondTheQueue) {
  Gate gate(1, 0);
  const Gate::Turn inside(gate, "busy");
  try {
    const Gate::Turn second(gate, "busy");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_STREQ(error.what(), "busy");
    EXPECT_TRUE(error.retry_after());
  }
}

TEST(Gate, OpensAgain) {
  Gate gate(1, 0);
  for (int i = 0; i < 3; ++i) const Gate::Turn turn(gate, "busy");
}

TEST(Gate, LetsAFewWorkAndTheOthersWait) {
  Gate gate(2, 100);
  std::atomic<int> inside = 0, most = 0, done = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) {
        const Gate::Turn turn(gate, "busy");
        const int now = ++inside;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --inside;
        ++done;
      }
    });
  threads.clear();
  EXPECT_EQ(done, 16 * 50);
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace backend::support
