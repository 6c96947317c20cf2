#include "adapters/adapters.h"
#include "support/test_databases.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

namespace backend::testing {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string store(Blobs& blobs, std::string_view content) {
  const auto writer = blobs.create();
  writer->write(bytes_of(content));
  return writer->commit();
}

std::string content_of(const BlobReader& reader) {
  std::string content(reader.size(), '\0');
  EXPECT_EQ(reader.read(0, std::as_writable_bytes(std::span(content))), content.size());
  return content;
}

int files_in(const fs::path& folder) {
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) count += entry.is_regular_file();
  return count;
}

class FilesystemBlobs : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::unique_ptr<Blobs> blobs_ = adapters::open_filesystem_blobs(folder_.path() / "files");
};

TEST_F(FilesystemBlobs, ReadsBackWhatWasWritten) {
  const auto writer = blobs_->create();
  writer->write(bytes_of("Hello, "));
  writer->write(bytes_of(std::string("w\0rld", 5)));
  const auto key = writer->commit();
  const auto reader = adapters::open_filesystem_blobs(folder_.path() / "files")->open(key);
  EXPECT_EQ(content_of(*reader), std::string("Hello, w\0rld", 12));
}

TEST_F(FilesystemBlobs, ReadsFromAnyPosition) {
  const auto reader = blobs_->open(store(*blobs_, "0123456789"));
  char out[4] = {};
  EXPECT_EQ(reader->read(7, std::as_writable_bytes(std::span(out))), 3u);
  EXPECT_EQ(std::string_view(out, 3), "789");
  EXPECT_EQ(reader->read(10, std::as_writable_bytes(std::span(out))), 0u);
  EXPECT_EQ(reader->read(~std::uint64_t{0}, std::as_writable_bytes(std::span(out))), 0u);
}

TEST_F(FilesystemBlobs, KeepsAnEmptyBlob) { EXPECT_EQ(blobs_->open(store(*blobs_, ""))->size(), 0u); }

TEST_F(FilesystemBlobs, LeavesNothingWithoutCommit) {
  blobs_->create()->write(bytes_of("lost"));
  EXPECT_EQ(files_in(folder_.path()), 0);
}

TEST_F(FilesystemBlobs, RemovesOnce) {
  const auto key = store(*blobs_, "x");
  const auto reader = blobs_->open(key);
  EXPECT_TRUE(blobs_->remove(key));
  EXPECT_FALSE(blobs_->remove(key));
  EXPECT_ERROR(not_found, blobs_->open(key));
  EXPECT_EQ(content_of(*reader), "x") << "a reader that is open reads on";
  EXPECT_EQ(files_in(folder_.path()), 0);
}

TEST_F(FilesystemBlobs, NeverTakesAKeyForAPath) {
  std::ofstream(folder_.path() / "secret") << "x";
  for (const std::string key : {"", "../secret", "/etc/passwd", "..", "0123",
                                "0123456789ABCDEF0123456789ABCDEF", "../../../../../../../../etc/pass"}) {
    EXPECT_ERROR(not_found, blobs_->open(key)) << key;
    EXPECT_FALSE(blobs_->remove(key)) << key;
  }
}

TEST_F(FilesystemBlobs, DoesNotFollowLinks) {
  const auto key = store(*blobs_, "x");
  const fs::path file = folder_.path() / "files" / key.substr(0, 2) / key;
  ASSERT_TRUE(fs::exists(file));
  fs::remove(file);
  fs::create_symlink("/etc/passwd", file);
  EXPECT_THROW(blobs_->open(key), Error);
}

TEST_F(FilesystemBlobs, IsForItsOwnerOnly) {
  const auto key = store(*blobs_, "x");
  EXPECT_EQ(fs::status(folder_.path() / "files").permissions() & fs::perms::others_all, fs::perms::none);
  EXPECT_EQ(fs::status(folder_.path() / "files" / key.substr(0, 2) / key).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(FilesystemBlobs, SweepsWhatACrashLeftAnHourAgo) {
  const auto young = blobs_->create();
  young->write(bytes_of("being written by another process"));
  const fs::path old = folder_.path() / "files/incoming" / std::string(32, '0');
  std::ofstream(old) << "left by a crash";
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::minutes(61));
  const auto again = adapters::open_filesystem_blobs(folder_.path() / "files");
  EXPECT_FALSE(fs::exists(old));
  EXPECT_EQ(content_of(*again->open(young->commit())), "being written by another process");
}

TEST_F(FilesystemBlobs, GivesEveryThreadItsOwnKeys) {
  std::vector<std::set<std::string>> keys(4);
  std::vector<std::thread> threads;
  for (auto& mine : keys) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) mine.insert(store(*blobs_, "x"));
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : keys) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 80u);
  EXPECT_EQ(files_in(folder_.path()), 80);
}

TEST_F(FilesystemBlobs, SaysThatTheFolderCannotBeMade) {
  std::ofstream(folder_.path() / "file") << "x";
  EXPECT_ERROR(unavailable, adapters::open_filesystem_blobs(folder_.path() / "file" / "files"));
}

TEST_F(FilesystemBlobs, SaysThatTheDiskIsFullAndRecovers) {
  const fs::path small = folder_.path() / "small";
  fs::create_directory(small);
  if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "only root can mount a small disk";
  {
    const auto blobs = adapters::open_filesystem_blobs(small / "files");
    {
      const auto writer = blobs->create();
      EXPECT_ERROR(unavailable, for (;;) writer->write(bytes_of(std::string(10'000, 'x'))));
    }
    EXPECT_EQ(files_in(small), 0);
    EXPECT_EQ(content_of(*blobs->open(store(*blobs, "fits"))), "fits");
  }
  ::umount(small.c_str());
}

}  // namespace
}  // namespace backend::testing
