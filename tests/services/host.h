#pragma once
#include <backend/backend.h>

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

/// What the tests of the services stand on: a real database, real files, a clock that they set and a reader of make-believe
/// PDF files.
namespace backend::testing_host {

class ManualClock : public Clock {
 public:
  Timestamp now() const override { return from_micros(now_us_); }
  void advance(std::chrono::microseconds by) { now_us_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_us_ = 1'800'000'000'123'456;
};

/// Reads "%PDF-fake\n" and then pages separated by form feeds. A line "[table]" is a table. "broken" is beyond repair.
class FakePdfReader : public PdfReader {
 public:
  PdfReport read(std::span<const std::byte> pdf, const PdfRequest& request) override;
};

std::string fake_pdf(std::string_view pages);
std::span<const std::byte> bytes_of(std::string_view text);

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }
  /// Regular files under `folder`.
  int count_files(const char* folder) const;

 private:
  std::filesystem::path path_;
};

/// Runs each test on SQLite in a file and, where TEST_POSTGRES_URL names a server, in a new schema of PostgreSQL.
class OnEachEngine : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override;
  void TearDown() override;

  Settings settings() const;
  /// Another backend over the same database and files, as another process would have one.
  std::unique_ptr<Backend> open(const Settings& settings);
  std::unique_ptr<Backend> open() { return open(settings()); }

  User make_user(const std::string& name);
  UploadedDocument upload(UserId owner, std::string_view name, std::string_view pages);

  TemporaryFolder folder_;
  std::string url_;
  ManualClock* clock_ = nullptr;  ///< of the backend that was opened last
  std::unique_ptr<Backend> backend_;

 private:
  std::string schema_;
};

/// The code and text of the Error that `work` throws, as "not_found: Document not found"; "" when it throws none.
template <class Work>
std::string error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return std::string(to_string(error.code())) + ": " + error.what();
  }
  return "";
}

/// The field of that Error.
template <class Work>
std::string field_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.field();
  }
  return "no error";
}

}  // namespace backend::testing_host

/// TEST_P(suite, ...) runs on each engine.
#define BACKEND_ON_EACH_ENGINE(suite)                                              \
  using suite = ::backend::testing_host::OnEachEngine;                             \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::Values("sqlite", "postgres"), \
                           [](const auto& engine) { return std::string(engine.param); })
