#pragma once
#include <backend/ports.h>

namespace backend::adapters {

/// One connection to a database engine, as a transaction needs it. Used by one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Rows query(std::string_view sql, std::span<const Param> params) = 0;
  virtual std::int64_t exec(std::string_view sql, std::span<const Param> params) = 0;
  virtual void script(std::string_view sql) = 0;

  /// Runs BEGIN, COMMIT, SAVEPOINT and the like.
  virtual void control(const char* sql) = 0;

  /// False when the engine has undone the transaction by itself.
  virtual bool in_transaction() const noexcept = 0;

  /// True when the last error says that the same transaction may succeed if it runs again.
  virtual bool may_run_again() const noexcept = 0;

  /// True when the connection must not be used again.
  virtual bool broken() const noexcept = 0;
};

}  // namespace backend::adapters
