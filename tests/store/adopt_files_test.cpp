#include "store/adopt_files.h"
#include "adapters/adapters.h"
#include "support/digest.h"
#include "support/test_databases.h"

#include <backend/migrations.h>

#include <fstream>

namespace backend::testing {
namespace {

namespace fs = std::filesystem;

class AdoptFiles : public ::testing::Test {
 protected:
  AdoptFiles() {
    Migrations(*db_, clock_).up();
    fs::create_directories(uploads_);
    db_->exec(
        "INSERT INTO users (email, email_key, password_hash, full_name, created_at, updated_at) VALUES ('a', "
        "'a', '', '', 0, 0)");
  }
  std::int64_t add(std::string_view path) {
    return integer(*db_,
                   "INSERT INTO documents (user_id, filename, legacy_path, status, created_at) VALUES (1, "
                   "'f', $1, 'ready', 0) "
                   "RETURNING id",
                   {path});
  }
  void put(const fs::path& file, std::string_view content) {
    std::ofstream(file, std::ios::binary) << content;
  }
  int adopt() { return store::adopt_files(*db_, *blobs_, uploads_); }
  std::string content_of(std::int64_t id) {
    const auto reader = blobs_->open(text(*db_, "SELECT blob_key FROM documents WHERE id = $1", {id}));
    std::string content(reader->size(), '\0');
    reader->read(0, std::as_writable_bytes(std::span(content)));
    return content;
  }

  TemporaryFolder folder_;
  fs::path uploads_ = folder_.path() / "application/uploads";
  ManualClock clock_;
  std::unique_ptr<Database> db_ = adapters::open_sqlite(":memory:", 1, std::chrono::seconds(5));
  std::unique_ptr<Blobs> blobs_ = adapters::open_filesystem_blobs(folder_.path() / "files");
};

TEST_F(AdoptFiles, FindsAFileByItsPathOrItsName) {
  const std::string large(200'000, 'x');
  put(uploads_ / "a.pdf", large);
  put(uploads_ / "b.pdf", "b");
  put(uploads_ / "c.pdf", "c");
  const auto as_stored = add("uploads/a.pdf"), elsewhere = add("/srv/old/uploads/b.pdf"),
             absolute = add((uploads_ / "c.pdf").string());
  EXPECT_EQ(adopt(), 3);
  EXPECT_EQ(content_of(as_stored), large);
  EXPECT_EQ(content_of(elsewhere), "b");
  EXPECT_EQ(content_of(absolute), "c");
  EXPECT_EQ(text(*db_, "SELECT sha256 FROM documents WHERE id = $1", {as_stored}),
            support::sha256_hex(large));
  EXPECT_EQ(integer(*db_, "SELECT file_size FROM documents WHERE id = $1", {as_stored}), 200'000);
}

TEST_F(AdoptFiles, SkipsWhatIsNotThereAndFindsItAnotherTime) {
  const auto id = add("uploads/late.pdf");
  EXPECT_EQ(adopt(), 0);
  put(uploads_ / "late.pdf", "late");
  EXPECT_EQ(adopt(), 1);
  EXPECT_EQ(adopt(), 0) << "once";
  EXPECT_EQ(content_of(id), "late");
}

TEST_F(AdoptFiles, ReadsNothingOutsideTheFolder) {
  put(folder_.path() / "secret", "secret");
  put(folder_.path() / "application/secret", "secret");
  fs::create_symlink(folder_.path() / "secret", uploads_ / "link.pdf");
  fs::create_directory(uploads_ / "folder.pdf");
  for (const std::string path : {"../secret", "secret", "uploads/../secret", "uploads/link.pdf",
                                 "uploads/folder.pdf", "uploads/", ".", "..", "", "/etc/passwd"}) {
    add(path);
  }
  add((folder_.path() / "secret").string());
  EXPECT_EQ(adopt(), 0);
}

TEST_F(AdoptFiles, DoesNothingWithoutTheFolder) {
  add("uploads/a.pdf");
  fs::remove_all(uploads_);
  EXPECT_EQ(adopt(), 0);
}

TEST_F(AdoptFiles, GoesThroughMoreThanOneBatch) {
  for (int i = 0; i < 130; ++i) {
    const std::string name = std::to_string(i) + ".pdf";
    put(uploads_ / name, name);
    add("uploads/" + name);
  }
  EXPECT_EQ(adopt(), 130);
}

}  // namespace
}  // namespace backend::testing
