#pragma once
#include <backend/error.h>
#include <backend/pdf_report.h>
#include <backend/types.h>

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the services need from the world. A host may implement any of these and hand it to `Backend`.
namespace backend {

/// One value given to a statement. Text is borrowed for the call.
class Param {
 public:
  Param(std::nullptr_t) : value_(nullptr) {}
  template <std::integral T>
  Param(T v) : value_(static_cast<std::int64_t>(v)) {}
  Param(double v) : value_(v) {}
  Param(std::string_view v) : value_(v) {}
  Param(const std::string& v) : value_(std::string_view(v)) {}
  Param(const char* v) : value_(std::string_view(v)) {}
  Param(Timestamp t) : value_(to_micros(t)) {}
  template <class T>
  Param(const std::optional<T>& v) : value_(nullptr) {
    if (v) value_ = Param(*v).value_;
  }

  using Variant = std::variant<std::nullptr_t, std::int64_t, double, std::string_view>;
  const Variant& get() const noexcept { return value_; }

 private:
  Variant value_;
};

/// One column of one row.
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

/// A whole result, row-major. Owns its memory; independent of the connection that made it.
class Rows {
 public:
  class Row {
   public:
    bool is_null(std::size_t column) const;
    /// These throw Error internal when the column is NULL or of another type.
    std::int64_t integer(std::size_t column) const;
    double real(std::size_t column) const;
    const std::string& text(std::size_t column) const;
    bool boolean(std::size_t column) const { return integer(column) != 0; }
    Timestamp time(std::size_t column) const { return from_micros(integer(column)); }
    std::optional<std::int64_t> optional_integer(std::size_t column) const;
    std::optional<std::string> optional_text(std::size_t column) const;
    std::optional<Timestamp> optional_time(std::size_t column) const;

   private:
    friend class Rows;
    Row(const Value* values, std::size_t columns) : values_(values), columns_(columns) {}
    const Value& at(std::size_t column) const;
    const Value* values_;
    std::size_t columns_;
  };

  Rows() = default;
  Rows(std::size_t columns, std::vector<Value> values) : columns_(columns), values_(std::move(values)) {}
  std::size_t size() const noexcept { return columns_ ? values_.size() / columns_ : 0; }
  bool empty() const noexcept { return values_.empty(); }
  Row operator[](std::size_t row) const { return Row(values_.data() + row * columns_, columns_); }

 private:
  std::size_t columns_ = 0;
  std::vector<Value> values_;
};

class Transaction;

/// A relational database: a pool of connections, or one open transaction. The SQL is the same for every
/// engine: `$1..$n`, RETURNING, ON CONFLICT; TEXT, BIGINT (times are microseconds UTC), SMALLINT 0/1, DOUBLE
/// PRECISION. A pool is thread-safe; a Transaction belongs to one thread at a time.
/// Errors: conflict (unique or foreign key; field() is the constraint's or column's name where the engine tells
/// it), unavailable (no free connection in time, database away, still locked after retries), internal (rest).
class Database {
 public:
  enum class Engine { sqlite, postgres };

  virtual ~Database() = default;
  virtual Engine engine() const noexcept = 0;

  /// Runs one statement and returns its rows (none for a statement that yields none).
  virtual Rows query(std::string_view sql, std::span<const Param> params) = 0;
  Rows query(std::string_view sql, std::initializer_list<Param> params = {}) {
    return query(sql, std::span<const Param>(params.begin(), params.size()));
  }

  /// Runs one statement and returns how many rows it changed.
  virtual std::int64_t exec(std::string_view sql, std::span<const Param> params) = 0;
  std::int64_t exec(std::string_view sql, std::initializer_list<Param> params = {}) {
    return exec(sql, std::span<const Param>(params.begin(), params.size()));
  }

  /// Runs a script of several statements without parameters (migrations).
  virtual void exec_script(std::string_view sql) = 0;

  /// Opens a transaction (inside one: a savepoint). Not committed when destroyed: rolled back.
  virtual std::unique_ptr<Transaction> begin() = 0;

  /// Runs `work(db)` in a transaction and commits. On a serialisation failure or deadlock it runs again, at most
  /// five times in all, so `work` must have no effect outside the database. Inside a transaction it runs once, in
  /// a savepoint.
  void transaction(const std::function<void(Database&)>& work);

 protected:
  /// True when `error` says that running the whole transaction again may succeed.
  virtual bool should_retry(const Error& error, int attempt) noexcept = 0;
};

/// An open transaction. Everything it runs is seen by others only after commit(). After a statement has failed, only
/// rolling back is left, on every engine (PostgreSQL's rule): try what may fail in a nested transaction.
class Transaction : public Database {
 public:
  virtual void commit() = 0;
};

/// An open blob. Positional reads; one reader may serve several threads.
class BlobReader {
 public:
  virtual ~BlobReader() = default;
  virtual std::uint64_t size() const = 0;
  /// Reads up to out.size() bytes at `offset`; returns how many (0 at the end).
  virtual std::size_t read(std::uint64_t offset, std::span<std::byte> out) const = 0;
};

/// A blob being written. Destroyed without commit(): nothing remains.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  virtual void write(std::span<const std::byte> bytes) = 0;
  /// What has been written so far, to be read before commit(), while this writer lives. A store that cannot returns
  /// nothing: then what needs the bytes first commits, and removes the blob when it comes to nothing.
  virtual std::unique_ptr<BlobReader> reader() { return nullptr; }
  /// Makes the blob durable (written, flushed to disk, renamed) and returns its key.
  virtual std::string commit() = 0;
};

/// Immutable byte strings under opaque keys. Thread-safe.
class Blobs {
 public:
  virtual ~Blobs() = default;
  virtual std::unique_ptr<BlobWriter> create() = 0;
  /// Throws Error not_found.
  virtual std::unique_ptr<BlobReader> open(std::string_view key) = 0;
  /// False when there was none.
  virtual bool remove(std::string_view key) = 0;
};

/// Wall-clock time. Deadlines use std::chrono::steady_clock instead.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

/// Reads a PDF in this process or in a sandboxed one. Thread-safe.
class PdfReader {
 public:
  virtual ~PdfReader() = default;
  /// Throws Error malformed (no PDF, or beyond repair), password, limit, unavailable (queue full).
  virtual PdfReport read(std::span<const std::byte> pdf, const PdfRequest& request) = 0;
};

}  // namespace backend
