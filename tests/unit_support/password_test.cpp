#include "support/password.h"

#include <backend/error.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace backend {
namespace {

using namespace std::string_literals;

struct Hasher : testing::Test {
  PasswordHasher hasher{4, 2, 8};
};
using Password = Hasher;

std::string repeated(std::string_view text, int times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

TEST_F(Password, VerifiesHashesOfPythonsBcrypt) {
  const std::pair<std::string, const char*> made[] = {
      {"correct horse", "$2b$04$iEexlW41KUdcfx1aQ156b.uWgu92i6oSP2WKOwRZQjVCRyl5JI2Vi"},
      {"correct horse", "$2a$04$kPGtWmQXFtZajzXovt8ZKeouX1./lAWd08e9BmR37HxJgGDwO5kWu"},
      {"p\u00e4ssw\u00f6rd", "$2b$04$ljUXH/1DW.B3COPVglZwaesiqcoMIKvRNi.dU8YxwSp60hHAjiNA6"},
      {"", "$2b$04$AEQCGwsLGH8TOj.L8DfmwedOqunR1Eab3AcuDIqSnG1yTs/Hvfcb."},
      {std::string(72, 'a'), "$2b$04$xYCUX6B.o4s.DU7YABRQgOidQd3SMxT02tsUoUHF7dqgAxergEdl2"}};
  for (const auto& [password, hash] : made) {
    EXPECT_TRUE(hasher.verify(password, hash)) << password;
    EXPECT_FALSE(hasher.verify(password + "x", hash)) << password;
  }
  auto y = std::string(made[0].second);
  y[2] = 'y';
  EXPECT_TRUE(hasher.verify("correct horse", y));
}

TEST_F(Password, VerifiesHashesOfPasslib) {
  EXPECT_TRUE(hasher.verify(std::string(100, 'x'), "$bcrypt-sha256$v=2,t=2b,r=4$J.pSI6n4je90yc8Qs4dYsO$bu/.oawjvLN/QfgtOMqIcnHTArLwxxe"));
  EXPECT_TRUE(hasher.verify("a\0b"s, "$bcrypt-sha256$v=2,t=2b,r=4$VegtTlDnDOqIUv5/5QQDpu$6kxz8F2lYIXVmxTWSac4j825fJGW4b."));
  EXPECT_TRUE(hasher.verify(repeated("\u00e9", 40), "$bcrypt-sha256$v=2,t=2b,r=4$JMT/XAuiI5pz3mZ4DuoiKu$4iESC0PRXoGkLK57zBY45wlJ4.FXIR."));
  EXPECT_TRUE(hasher.verify("password", "$bcrypt-sha256$v=2,t=2b,r=4$4iMJhqrKzMsCXDs5pmpp1.$nH90QsZlXr98ZcCLQoFYxtrEHMuZbqG"));
  EXPECT_FALSE(hasher.verify("passwort", "$bcrypt-sha256$v=2,t=2b,r=4$4iMJhqrKzMsCXDs5pmpp1.$nH90QsZlXr98ZcCLQoFYxtrEHMuZbqG"));
}

TEST_F(Password, HashesAsPythonsBcryptDoes) {
  const auto hash = hasher.hash("secret");
  EXPECT_EQ(hash.size(), 60U);
  EXPECT_TRUE(hash.starts_with("$2b$04$"));
  EXPECT_TRUE(hasher.verify("secret", hash));
  EXPECT_FALSE(hasher.verify("Secret", hash));
  EXPECT_NE(hasher.hash("secret"), hash);
}

TEST_F(Password, NeverCutsAPassword) {
  for (const std::size_t size : {71U, 72U, 73U, 100U, 1024U}) {
    const std::string password(size, 'a');
    const auto hash = hasher.hash(password);
    EXPECT_EQ(hash.starts_with("$bcrypt-sha256$"), size > 72);
    EXPECT_TRUE(hasher.verify(password, hash)) << size;
    EXPECT_FALSE(hasher.verify(password.substr(1), hash)) << size;
    EXPECT_FALSE(hasher.verify(password + "a", hash)) << size;
    EXPECT_FALSE(hasher.verify(password.substr(1) + "b", hash)) << size;
  }
  const auto with_nul = hasher.hash("a\0b"s);
  EXPECT_TRUE(hasher.verify("a\0b"s, with_nul));
  EXPECT_FALSE(hasher.verify("a"s, with_nul));
  EXPECT_FALSE(hasher.verify("a\0c"s, with_nul));
  EXPECT_FALSE(hasher.verify("a\0b"s, hasher.hash("a")));
}

TEST_F(Password, RefusesMoreThan1024Bytes) {
  EXPECT_THROW(hasher.hash(std::string(1025, 'a')), Error);
  EXPECT_FALSE(hasher.verify(std::string(1025, 'a'), hasher.hash("")));
  EXPECT_FALSE(hasher.verify(std::string(1025, 'a'), hasher.hash(std::string(1024, 'a'))));
}

TEST_F(Password, ComparesCompatibleSpellings) {
  const auto hash = hasher.hash("\uff50assword\u2460");  // a full-width p, a circled 1
  EXPECT_TRUE(hasher.verify("password1", hash));
  EXPECT_TRUE(hasher.verify("\uff50assword\u2460", hash));
  EXPECT_TRUE(hasher.verify("pa\u0308ssw\u00f6rd", hasher.hash("p\u00e4sswo\u0308rd")));
}

TEST_F(Password, SaysNoToWhatIsNoHash) {
  for (const char* hash : {"", "x", "$2b$04$", "$2x$04$iEexlW41KUdcfx1aQ156b.uWgu92i6oSP2WKOwRZQjVCRyl5JI2Vi", "$1$abc$def",
                           "$bcrypt-sha256$v=2,t=2b,r=4$short$x", "$2b$99$iEexlW41KUdcfx1aQ156b.uWgu92i6oSP2WKOwRZQjVCRyl5JI2Vi",
                           "$bcrypt-sha256$v=1,t=2b,r=4$4iMJhqrKzMsCXDs5pmpp1.$nH90QsZlXr98ZcCLQoFYxtrEHMuZbqG"})
    EXPECT_FALSE(hasher.verify("x", hash)) << hash;
}

TEST_F(Password, KnowsOutdatedHashes) {
  const auto weak = hasher.hash("x");
  EXPECT_FALSE(hasher.is_outdated(weak));
  const PasswordHasher strong(5, 1, 0);
  EXPECT_TRUE(strong.is_outdated(weak));
  EXPECT_TRUE(strong.is_outdated(hasher.hash(std::string(80, 'x'))));
  EXPECT_TRUE(strong.is_outdated("garbage"));
}

// Medians of interleaved tries; bcrypt's own time at this cost dwarfs the rest.
TEST_F(Password, TakesAsLongForNobody) {
  using Clock = std::chrono::steady_clock;
  PasswordHasher slow(8, 1, 0);
  const auto hash = slow.hash("right");
  std::vector<double> wrong, nobody, malformed;
  const auto time = [](auto&& work) {
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  for (int i = 0; i < 15; ++i) {
    wrong.push_back(time([&] { slow.verify("wrong", hash); }));
    nobody.push_back(time([&] { slow.verify_nothing("wrong"); }));
    malformed.push_back(time([&] { slow.verify("wrong", "!"); }));
  }
  for (auto* times : {&wrong, &nobody, &malformed}) std::sort(times->begin(), times->end());
  EXPECT_GT(nobody[0], wrong[0] * 0.7);
  EXPECT_GT(malformed[0], wrong[0] * 0.7);
}

TEST_F(Password, RefusesWhenTheQueueIsFull) {
  PasswordHasher narrow(10, 1, 1);
  std::atomic<int> refused = 0, done = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        try {
          narrow.verify_nothing("x");
          ++done;
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ErrorCode::unavailable);
          ++refused;
        }
      });
  }
  EXPECT_EQ(refused + done, 8);
  EXPECT_GE(done, 1);
  EXPECT_GE(refused, 1);
}

}  // namespace
}  // namespace backend
