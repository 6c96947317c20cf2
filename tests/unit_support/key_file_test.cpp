#include "support/key_file.h"

#include <backend/error.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <latch>
#include <set>
#include <sys/stat.h>
#include <thread>

namespace backend::support {
namespace {

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    auto pattern = (std::filesystem::temp_directory_path() / "key_file_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    file_ = folder_ / "secret_key";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_, file_;
};

TEST_F(KeyFile, IsMadeOnceForItsOwnerOnly) {
  const auto key = load_or_make_key(file_);
  EXPECT_EQ(key.size(), 43U);
  EXPECT_EQ(load_or_make_key(file_), key);
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(KeyFile, IsOneForAllWhoStartTogether) {
  constexpr int count = 8;
  std::string keys[count];
  std::latch start(count);
  {
    std::vector<std::jthread> threads;
    for (auto& key : keys)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        key = load_or_make_key(file_);
      });
  }
  EXPECT_EQ(std::set<std::string>(keys, keys + count).size(), 1U);
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_)) ++files;
  EXPECT_EQ(files, 1);
}

TEST_F(KeyFile, RefusesOneThatIsShortOrOpenToOthers) {
  std::ofstream(file_) << "short\n";
  ::chmod(file_.c_str(), 0600);
  EXPECT_THROW(load_or_make_key(file_), Error);
  std::ofstream(file_) << std::string(40, 'x');
  ::chmod(file_.c_str(), 0644);
  EXPECT_THROW(load_or_make_key(file_), Error);
  ::chmod(file_.c_str(), 0600);
  EXPECT_EQ(load_or_make_key(file_), std::string(40, 'x'));
}

}  // namespace
}  // namespace backend::support
