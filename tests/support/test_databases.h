#pragma once
#include <backend/ports.h>

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

namespace backend::testing {

class ManualClock final : public Clock {
 public:
  Timestamp now() const override { return from_micros(now_.load()); }
  void advance(std::chrono::microseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_ = 1'800'000'000'123'456;
};

/// A folder of its own, removed with what is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

enum class Kind { sqlite_file, sqlite_memory, postgres };
std::string name_of(Kind kind);

/// An empty database: a file, one in memory, or a new schema on the server that TEST_POSTGRES_URL names.
class TestDatabase {
 public:
  explicit TestDatabase(Kind kind);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;

  static bool available(Kind kind);

  /// A database handle as one process has it; every handle to a database in memory is a database of its own.
  std::unique_ptr<Database> open(int connections = 4,
                                 std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;
  /// The SQLite file or the PostgreSQL URL.
  const std::string& address() const { return address_; }

 private:
  Kind kind_;
  TemporaryFolder folder_;
  std::string address_;
  std::string schema_;
};

/// Runs each test on SQLite in a file and in memory and on PostgreSQL.
class OnEachDatabase : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (!TestDatabase::available(GetParam())) GTEST_SKIP() << "TEST_POSTGRES_URL is not set";
    place_ = std::make_unique<TestDatabase>(GetParam());
    db_ = place_->open();
  }
  bool postgres() const { return GetParam() == Kind::postgres; }
  bool in_memory() const { return GetParam() == Kind::sqlite_memory; }

  std::unique_ptr<TestDatabase> place_;
  std::unique_ptr<Database> db_;
};

/// The same for tests that only PostgreSQL can run.
class OnPostgres : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TestDatabase::available(Kind::postgres)) GTEST_SKIP() << "TEST_POSTGRES_URL is not set";
    place_ = std::make_unique<TestDatabase>(Kind::postgres);
    db_ = place_->open();
  }
  std::unique_ptr<TestDatabase> place_;
  std::unique_ptr<Database> db_;
};

/// The Error that `work` throws; fails the test when it throws none.
template <class Work>
Error error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return Error(ErrorCode::internal, "none was thrown");
}

/// The one value of a query's one row.
std::int64_t integer(Database& db, std::string_view sql, std::initializer_list<Param> params = {});
std::string text(Database& db, std::string_view sql, std::initializer_list<Param> params = {});

}  // namespace backend::testing

#define EXPECT_ERROR(code_, work) \
  EXPECT_EQ(::backend::testing::error_of([&] { work; }).code(), ::backend::ErrorCode::code_)

/// TEST_P(Suite, ...) runs on each database.
#define BACKEND_ON_EACH_DATABASE(Suite)                                                                 \
  class Suite : public ::backend::testing::OnEachDatabase {};                                           \
  INSTANTIATE_TEST_SUITE_P(                                                                             \
      On, Suite,                                                                                        \
      ::testing::Values(::backend::testing::Kind::sqlite_file, ::backend::testing::Kind::sqlite_memory, \
                        ::backend::testing::Kind::postgres),                                            \
      [](const auto& kind) { return ::backend::testing::name_of(kind.param); })
