#pragma once
#include "adapters/connection.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace backend::adapters {

/// One SQLite handle with its prepared statements. Statements of one handle never overlap: two threads that
/// share it (an in-memory database) take turns.
class SqliteConnection final : public Connection {
 public:
  enum class Role { writer, reader };

  SqliteConnection(const std::string& path, Role role, std::chrono::milliseconds timeout);
  ~SqliteConnection() override;

  /// Nothing when the statement would write: then it did not run.
  std::optional<Rows> query_if_read(std::string_view sql, std::span<const Param> params);
  Rows query(std::string_view sql, std::span<const Param> params) override;
  std::int64_t exec(std::string_view sql, std::span<const Param> params) override;
  void script(std::string_view sql) override;
  void control(const char* sql) override;
  bool in_transaction() const noexcept override;
  bool may_run_again() const noexcept override { return may_run_again_; }
  bool broken() const noexcept override { return broken_; }

 private:
  struct Statement;
  class Use;

  void configure(Role role);
  void enter_wal();
  Statement& prepared(std::string_view sql);
  Statement& prepare(std::string_view sql);
  Rows collect(Statement& statement, std::span<const Param> params);
  bool step(sqlite3_stmt* statement);
  [[noreturn]] void fail(int code);

  const std::chrono::milliseconds timeout_;
  const bool in_memory_;
  std::mutex turn_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle_;
  /// Most recently used first. The index's keys point into the statements.
  std::list<Statement> statements_;
  std::unordered_map<std::string_view, std::list<Statement>::iterator> index_;
  bool may_run_again_ = false;
  bool broken_ = false;
};

}  // namespace backend::adapters
