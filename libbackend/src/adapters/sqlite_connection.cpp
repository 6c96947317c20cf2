#include "adapters/sqlite_connection.h"

#include "adapters/sql_text.h"
#include "adapters/sqlite_errors.h"

#include <sqlite3.h>

#include <charconv>
#include <thread>

namespace backend::adapters {
namespace {

constexpr std::size_t max_statements = 256;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// SQLite numbers parameters by first appearance; a statement's `$2 ... $1` must still mean what it says.
std::vector<int> parameter_order(sqlite3_stmt* statement) {
  std::vector<int> order;
  const int count = sqlite3_bind_parameter_count(statement);
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement, i);
    const std::string_view text = name ? name : "";
    int number = 0;
    if (text.size() > 1 && text[0] == '$')
      std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (number < 1) throw Error(ErrorCode::internal, "a statement's parameters are written $1, $2, ...");
    order.push_back(number);
  }
  return order;
}

struct Bind {
  sqlite3_stmt* statement;
  int index;
  int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t v) const { return sqlite3_bind_int64(statement, index, v); }
  int operator()(double v) const { return sqlite3_bind_double(statement, index, v); }
  int operator()(std::string_view v) const {
    // The caller's text outlives the call. A null pointer would bind NULL instead of the empty text.
    return sqlite3_bind_text64(statement, index, v.data() ? v.data() : "", v.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
};

Value column_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return nullptr;
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return bytes ? std::string(bytes, size) : std::string();
    }
  }
}

}  // namespace

struct SqliteConnection::Statement {
  std::string sql;
  std::unique_ptr<sqlite3_stmt, Finalize> handle;
  std::vector<int> parameters;  ///< the number written after `$`, by SQLite's own
  std::size_t parameter_count = 0;
  bool reads_only = false;
};

/// A statement with its values bound, for as long as it runs: an open statement would hold its locks, and its
/// bindings point into memory of the caller.
class SqliteConnection::Use {
 public:
  Use(SqliteConnection& connection, Statement& statement, std::span<const Param> params)
      : handle_(statement.handle.get()) {
    if (params.size() != statement.parameter_count) {
      throw Error(ErrorCode::internal, "the statement takes " + std::to_string(statement.parameter_count) +
                                           " values, not " + std::to_string(params.size()));
    }
    int index = 0;
    for (const int number : statement.parameters) {
      const Param& param = params[static_cast<std::size_t>(number) - 1];
      if (const int code = std::visit(Bind{handle_, ++index}, param.get()); code != SQLITE_OK) {
        end();
        connection.fail(code);
      }
    }
  }
  Use(const Use&) = delete;
  ~Use() { end(); }
  sqlite3_stmt* handle() const noexcept { return handle_; }

 private:
  void end() noexcept {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
  }
  sqlite3_stmt* handle_;
};

SqliteConnection::SqliteConnection(const std::string& path, Role role, std::chrono::milliseconds timeout)
    : timeout_(timeout), in_memory_(path == ":memory:"), handle_(nullptr, &sqlite3_close) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(opened);
  if (code != SQLITE_OK) fail(code);
  configure(role);
}

SqliteConnection::~SqliteConnection() {
  // Statements first: a handle with open statements does not close. The last handle's close checkpoints.
  index_.clear();
  statements_.clear();
}

void SqliteConnection::configure(Role role) {
  sqlite3_extended_result_codes(handle_.get(), 1);
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(timeout_.count()));
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (!in_memory_) enter_wal();
  // LIKE tells case apart, as PostgreSQL's does.
  control(
      "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA case_sensitive_like=ON; PRAGMA "
      "trusted_schema=OFF");
  if (role == Role::reader) control("PRAGMA query_only=ON");
}

void SqliteConnection::enter_wal() {
  // While another process changes the mode or recovers the log, SQLite says busy without waiting.
  const auto deadline = std::chrono::steady_clock::now() + timeout_;
  for (;;) {
    const int code = sqlite3_exec(handle_.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return;
    if ((code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() > deadline) fail(code);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

SqliteConnection::Statement& SqliteConnection::prepared(std::string_view sql) {
  may_run_again_ = false;
  const auto found = index_.find(sql);
  if (found == index_.end()) return prepare(sql);
  statements_.splice(statements_.begin(), statements_, found->second);
  return statements_.front();
}

SqliteConnection::Statement& SqliteConnection::prepare(std::string_view sql) {
  refuse_transaction_statement(sql);
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, &rest);
  std::unique_ptr<sqlite3_stmt, Finalize> handle(made);
  if (code != SQLITE_OK) fail(code);
  if (!handle) throw Error(ErrorCode::internal, "the statement is empty");
  if (!is_blank_sql(sql.substr(static_cast<std::size_t>(rest - sql.data())))) {
    throw Error(ErrorCode::internal, "one statement at a time; scripts go to exec_script");
  }
  Statement statement{std::string(sql), std::move(handle), parameter_order(made), 0, false};
  for (const int number : statement.parameters) {
    statement.parameter_count = std::max(statement.parameter_count, static_cast<std::size_t>(number));
  }
  statement.reads_only = sqlite3_stmt_readonly(made) != 0;
  if (statements_.size() >= max_statements) {
    index_.erase(statements_.back().sql);
    statements_.pop_back();
  }
  statements_.push_front(std::move(statement));
  index_.emplace(statements_.front().sql, statements_.begin());
  return statements_.front();
}

bool SqliteConnection::step(sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(code);
  return false;
}

Rows SqliteConnection::collect(Statement& statement, std::span<const Param> params) {
  const Use use(*this, statement, params);
  std::vector<Value> values;
  int columns = 0;
  while (step(use.handle())) {
    columns = sqlite3_column_count(
        use.handle());  // after the step: `SELECT *` is prepared anew when the table changed
    for (int column = 0; column < columns; ++column) values.push_back(column_value(use.handle(), column));
  }
  return Rows(static_cast<std::size_t>(columns), std::move(values));
}

std::optional<Rows> SqliteConnection::query_if_read(std::string_view sql, std::span<const Param> params) {
  const std::lock_guard lock(turn_);
  Statement& statement = prepared(sql);
  if (!statement.reads_only) return std::nullopt;
  return collect(statement, params);
}

Rows SqliteConnection::query(std::string_view sql, std::span<const Param> params) {
  const std::lock_guard lock(turn_);
  return collect(prepared(sql), params);
}

std::int64_t SqliteConnection::exec(std::string_view sql, std::span<const Param> params) {
  const std::lock_guard lock(turn_);
  const Use use(*this, prepared(sql), params);
  // sqlite3_changes() keeps its value when a statement changes nothing by its nature, such as CREATE.
  const sqlite3_int64 before = sqlite3_total_changes64(handle_.get());
  while (step(use.handle())) {
  }
  return sqlite3_total_changes64(handle_.get()) == before ? 0 : sqlite3_changes64(handle_.get());
}

void SqliteConnection::script(std::string_view sql) { control(std::string(sql).c_str()); }

void SqliteConnection::control(const char* sql) {
  const std::lock_guard lock(turn_);
  may_run_again_ = false;
  if (const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK)
    fail(code);
}

bool SqliteConnection::in_transaction() const noexcept { return sqlite3_get_autocommit(handle_.get()) == 0; }

void SqliteConnection::fail(int code) {
  const int extended = handle_ ? sqlite3_extended_errcode(handle_.get()) : code;
  if ((extended & 0xff) == (code & 0xff)) code = extended;
  const SqliteFault fault =
      describe_sqlite_fault(code, handle_ ? sqlite3_errmsg(handle_.get()) : "", timeout_);
  may_run_again_ = fault.may_run_again;
  broken_ = fault.breaks_connection && !in_memory_;
  throw fault.error;
}

}  // namespace backend::adapters
