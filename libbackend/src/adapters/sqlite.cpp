#include "adapters/adapters.h"
#include "adapters/open_transaction.h"
#include "adapters/sql_text.h"
#include "adapters/sqlite_connection.h"
#include "support/pool.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <type_traits>

namespace backend::adapters {
namespace {

using SqlitePool = Pool<SqliteConnection>;

/// One connection that writes and several that read (WAL: readers never wait for the writer). An in-memory
/// database has one connection for all; a read of the thread that holds its transaction sees what that wrote.
class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const std::string& path, int readers, std::chrono::milliseconds timeout)
      : timeout_(timeout),
        in_memory_(path == ":memory:"),
        writer_(1,
                [=] {
                  return std::make_unique<SqliteConnection>(path, SqliteConnection::Role::writer, timeout);
                }),
        readers_(std::max(readers, 1), [=] {
          return std::make_unique<SqliteConnection>(path, SqliteConnection::Role::reader, timeout);
        }) {
    borrow(writer_);  // a file that cannot be opened is told now
  }

  Engine engine() const noexcept override { return Engine::sqlite; }

  Rows query(std::string_view sql, std::span<const Param> params) override {
    const SqlKind kind = sql_kind(sql);
    if (kind == SqlKind::read || kind == SqlKind::with) {
      if (auto rows = read(sql, params)) return *std::move(rows);
    }
    return write([&](SqliteConnection& connection) { return connection.query(sql, params); });
  }

  std::int64_t exec(std::string_view sql, std::span<const Param> params) override {
    return write([&](SqliteConnection& connection) { return connection.exec(sql, params); });
  }

  void exec_script(std::string_view sql) override {
    const auto open = begin();
    open->exec_script(sql);
    open->commit();
  }

  std::unique_ptr<Transaction> begin() override;

 private:
  class HeldTransaction;
  bool should_retry(const Error&, int) noexcept override { return false; }

  SqlitePool::Lease borrow(SqlitePool& pool) {
    SqlitePool::Lease lease = pool.acquire(timeout_);
    if (lease) return lease;
    throw Error(ErrorCode::unavailable, "no database connection became free within " +
                                            std::to_string(timeout_.count()) + " ms (DATABASE_TIMEOUT_MS)")
        .retry_in(std::chrono::seconds(1));
  }

  SqlitePool::Lease borrow_writer() {
    if (this_thread_writes()) {
      throw Error(
          ErrorCode::unavailable,
          "this thread has an open transaction: write through it, or the write would wait for itself");
    }
    return borrow(writer_);
  }

  bool this_thread_writes() const noexcept {
    return holder_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

  /// Nothing when the statement writes.
  std::optional<Rows> read(std::string_view sql, std::span<const Param> params) {
    if (!in_memory_) {
      return with(borrow(readers_),
                  [&](SqliteConnection& reader) { return reader.query_if_read(sql, params); });
    }
    if (!this_thread_writes()) return std::nullopt;
    return held_->query_if_read(sql, params);
  }

  template <class Work>
  std::invoke_result_t<Work, SqliteConnection&> write(Work work) {
    return with(borrow_writer(), work);
  }

  template <class Work>
  static std::invoke_result_t<Work, SqliteConnection&> with(SqlitePool::Lease lease, Work work) {
    try {
      return work(*lease);
    } catch (...) {
      if (lease->broken()) lease.discard();
      throw;
    }
  }

  const std::chrono::milliseconds timeout_;
  const bool in_memory_;
  std::atomic<std::thread::id> holder_;  ///< the thread that used the open transaction last
  SqliteConnection* held_ = nullptr;     ///< read only by that thread
  SqlitePool writer_;
  SqlitePool readers_;  // closed first: the writer's close is the last and checkpoints the log
};

class SqliteDatabase::HeldTransaction final : public LeasedTransaction<SqlitePool::Lease> {
 public:
  HeldTransaction(SqliteDatabase& database, SqlitePool::Lease lease)
      : LeasedTransaction(Engine::sqlite, std::move(lease)), database_(database) {
    touch();
  }
  ~HeldTransaction() override {
    close();
    database_.held_ = nullptr;
    database_.holder_.store({}, std::memory_order_relaxed);
  }

 private:
  void touch() noexcept override {
    database_.holder_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  }
  SqliteDatabase& database_;
};

std::unique_ptr<Transaction> SqliteDatabase::begin() {
  SqlitePool::Lease lease = borrow_writer();
  SqliteConnection& connection = *lease;
  try {
    // At once, not at the first write: a lock that is upgraded later can fail without waiting.
    connection.control("BEGIN IMMEDIATE");
  } catch (...) {
    if (connection.broken()) lease.discard();
    throw;
  }
  held_ = &connection;
  return std::make_unique<HeldTransaction>(*this, std::move(lease));
}

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& path, int readers,
                                      std::chrono::milliseconds timeout) {
  return std::make_unique<SqliteDatabase>(path, readers, timeout);
}

}  // namespace backend::adapters
