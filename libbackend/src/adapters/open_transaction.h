#pragma once
#include "adapters/connection.h"

#include <utility>

namespace backend::adapters {

/// What transactions of both engines share: nesting by savepoints, and that a statement which failed leaves
/// only rolling back (PostgreSQL's rule, kept on SQLite so that code tried on one runs on the other). To go
/// on after an error, try the statement in a nested transaction.
class OpenTransaction : public Transaction {
 public:
  Engine engine() const noexcept final { return engine_; }
  Rows query(std::string_view sql, std::span<const Param> params) final;
  std::int64_t exec(std::string_view sql, std::span<const Param> params) final;
  void exec_script(std::string_view sql) final;
  std::unique_ptr<Transaction> begin() final;
  void commit() final;

 protected:
  OpenTransaction(Engine engine, Connection& connection, int depth)
      : engine_(engine), connection_(connection), depth_(depth) {}

  bool should_retry(const Error& error, int attempt) noexcept final;

  /// Called before each use: which thread owns the transaction now.
  virtual void touch() noexcept {}

  /// Rolls back what is still open. For destructors.
  void close() noexcept;

  /// True when that failed: the connection must not be lent again.
  bool stuck() const noexcept { return stuck_; }

 private:
  class Savepoint;
  template <class Work>
  auto run(Work work);
  void check_usable() const;

  Engine engine_;
  Connection& connection_;
  int depth_;
  bool ended_ = false;
  bool failed_ = false;
  bool stuck_ = false;
};

/// An outermost transaction; keeps the lease of its connection until it has ended.
template <class Lease>
class LeasedTransaction : public OpenTransaction {
 public:
  LeasedTransaction(Engine engine, Lease lease)
      : OpenTransaction(engine, *lease, 0), lease_(std::move(lease)) {}
  ~LeasedTransaction() override {
    close();
    if (lease_->broken() || stuck()) lease_.discard();
  }

 private:
  Lease lease_;
};

}  // namespace backend::adapters
