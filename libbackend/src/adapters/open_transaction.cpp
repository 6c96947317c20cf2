#include "adapters/open_transaction.h"

#include <string>

namespace backend::adapters {

constexpr int max_attempts = 5;

class OpenTransaction::Savepoint final : public OpenTransaction {
 public:
  explicit Savepoint(OpenTransaction& parent)
      : OpenTransaction(parent.engine_, parent.connection_, parent.depth_ + 1), parent_(parent) {}
  ~Savepoint() override { close(); }

 private:
  void touch() noexcept override { parent_.touch(); }
  OpenTransaction& parent_;
};

template <class Work>
auto OpenTransaction::run(Work work) {
  touch();
  check_usable();
  try {
    return work();
  } catch (...) {
    failed_ = true;
    throw;
  }
}

void OpenTransaction::check_usable() const {
  if (ended_) throw Error(ErrorCode::internal, "the transaction has ended");
  if (failed_) {
    throw Error(
        ErrorCode::internal,
        "an earlier statement of this transaction failed: only rolling back is left; try what may fail in "
        "a nested transaction");
  }
  if (!connection_.in_transaction())
    throw Error(ErrorCode::unavailable, "the database has undone the transaction");
}

Rows OpenTransaction::query(std::string_view sql, std::span<const Param> params) {
  return run([&] { return connection_.query(sql, params); });
}

std::int64_t OpenTransaction::exec(std::string_view sql, std::span<const Param> params) {
  return run([&] { return connection_.exec(sql, params); });
}

void OpenTransaction::exec_script(std::string_view sql) {
  run([&] { connection_.script(sql); });
}

std::unique_ptr<Transaction> OpenTransaction::begin() {
  return run([&]() -> std::unique_ptr<Transaction> {
    connection_.control(("SAVEPOINT nested_" + std::to_string(depth_ + 1)).c_str());
    return std::make_unique<Savepoint>(*this);
  });
}

void OpenTransaction::commit() {
  run([&] {
    if (depth_ == 0) return connection_.control("COMMIT");
    connection_.control(("RELEASE SAVEPOINT nested_" + std::to_string(depth_)).c_str());
  });
  ended_ = true;
}

bool OpenTransaction::should_retry(const Error&, int attempt) noexcept {
  return depth_ == 0 && attempt < max_attempts && connection_.may_run_again();
}

void OpenTransaction::close() noexcept {
  if (std::exchange(ended_, true)) return;
  try {
    if (!connection_.in_transaction()) return;
    if (depth_ == 0) return connection_.control("ROLLBACK");
    const std::string name = "nested_" + std::to_string(depth_);
    connection_.control(("ROLLBACK TO SAVEPOINT " + name).c_str());
    connection_.control(("RELEASE SAVEPOINT " + name).c_str());
  } catch (...) {
    // What the engine cannot undo now it undoes when the connection is closed.
    stuck_ = depth_ == 0;
  }
}

}  // namespace backend::adapters
