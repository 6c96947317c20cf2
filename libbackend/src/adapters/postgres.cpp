// PostgreSQL by libpqxx. The only file that includes it; builds with 6.4 (Debian 12) and 7.10 (Debian 13).
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <list>
#include <mutex>
#include <pqxx/pqxx>
#include <unordered_map>

#include "adapters/adapters.h"

namespace backend::adapters {
namespace {

constexpr std::size_t statement_limit = 256;  // prepared statements kept on a connection

// ---- values ------------------------------------------------------------------------------------------

/// Parameters as the texts that go over the wire: the server infers their types from where they stand.
class Texts {
 public:
  explicit Texts(std::span<const Param> params) {
    texts_.reserve(params.size());
    for (const Param& param : params) texts_.push_back(std::visit(*this, param.get()));
  }

  using Text = std::optional<std::string>;
  const std::vector<Text>& get() const { return texts_; }

  Text operator()(std::nullptr_t) const { return std::nullopt; }
  Text operator()(std::int64_t value) const { return std::to_string(value); }
  Text operator()(double value) const {
    char buffer[32];  // the shortest text that reads back as the same number
    auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return std::string(buffer, end);
  }
  Text operator()(std::string_view value) const {
    if (value.find('\0') != value.npos) {
      throw Error(ErrorCode::invalid, "PostgreSQL cannot store a NUL character in a text");
    }
    return std::string(value);
  }

 private:
  std::vector<Text> texts_;
};

template <class T>
T parsed(std::string_view text) {
  T value{};
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorCode::internal, "PostgreSQL sent a number that does not fit");
  }
  return value;
}

Value to_value(const pqxx::field& field, unsigned type) {
  if (field.is_null()) return nullptr;
  std::string_view text(field.c_str(), field.size());
  switch (type) {  // the fixed oids of pg_type.dat
    case 16: return std::int64_t(text == "t");
    case 20: case 21: case 23: return parsed<std::int64_t>(text);
    case 700: case 701: return parsed<double>(text);
    case 1700:  // numeric, as sum(bigint) is
      if (text.find_first_of(".N") == text.npos) return parsed<std::int64_t>(text);
      return parsed<double>(text);
    default: return std::string(text);
  }
}

Rows to_rows(const pqxx::result& result) {
  std::vector<unsigned> types;
  for (int c = 0; c < int(result.columns()); ++c) types.push_back(unsigned(result.column_type(c)));
  std::vector<Value> values;
  values.reserve(std::size_t(result.size()) * types.size());
  for (const auto& row : result) {
    for (std::size_t c = 0; c < types.size(); ++c) values.push_back(to_value(row[int(c)], types[c]));
  }
  return Rows(types.size(), std::move(values));
}

// ---- errors ------------------------------------------------------------------------------------------

/// What the rest of this file must know of a fault beside the Error that its caller sees.
enum class Fault { statement, connection, stale_plan, try_again };

struct Failure : Error {
  Failure(Error error, Fault kind) : Error(std::move(error)), fault(kind) {}
  Fault fault;
};

/// "email_key" out of `Key (email_key)=(ada@example.com) already exists.`, in whatever language the server speaks.
std::string columns_of(std::string_view text) {
  auto end = text.find(")=(");
  if (end == text.npos) return {};
  auto begin = text.rfind('(', end);
  return begin == text.npos ? std::string() : std::string(text.substr(begin + 1, end - begin - 1));
}

Failure translated(const pqxx::sql_error& error) {
  const std::string& state = error.sqlstate();
  auto is = [&](std::string_view start) { return state.compare(0, start.size(), start) == 0; };
  if (is("23505") || is("23503")) {
    std::string columns = columns_of(error.what());
    const char* what = is("23505") ? "already taken: " : "refers to what is not there: ";
    return {Error(ErrorCode::conflict, what + columns, columns), Fault::statement};
  }
  if (is("40")) return {Error(ErrorCode::unavailable, "the transaction collided with another"), Fault::try_again};
  if (is("26000") || error.what() == std::string_view("cached plan must not change result type") || is("0A000"))
    return {Error(ErrorCode::internal, error.what()), Fault::stale_plan};
  if (is("08") || is("57P")) return {Error(ErrorCode::unavailable, "the database is away"), Fault::connection};
  if (is("53") || is("55P03") || is("57014"))
    return {Error(ErrorCode::unavailable, "the database is too busy (DATABASE_TIMEOUT_MS)"), Fault::statement};
  if (is("22021") || is("22P05")) return {Error(ErrorCode::invalid, "a text is not UTF-8"), Fault::statement};
  if (is("22003")) return {Error(ErrorCode::invalid, "a number is out of range"), Fault::statement};
  return {Error(ErrorCode::internal, std::string("PostgreSQL: ") + error.what()), Fault::statement};
}

template <class Work>
auto translating(Work&& work) {
  try {
    return work();
  } catch (const pqxx::broken_connection&) {
    throw Failure(Error(ErrorCode::unavailable, "the database is away"), Fault::connection);
  } catch (const pqxx::sql_error& error) {
    throw translated(error);
  } catch (const pqxx::failure& error) {
    throw Failure(Error(ErrorCode::internal, std::string("PostgreSQL: ") + error.what()), Fault::connection);
  }
}

// ---- one connection ----------------------------------------------------------------------------------

class Connection {
 public:
  Connection(const std::string& conninfo, std::chrono::milliseconds timeout) : connection_(conninfo) {
    run("SET application_name = 'libbackend'; SET TIME ZONE 'UTC'; SET client_encoding = 'UTF8'; "
        "SET standard_conforming_strings = on; SET lock_timeout = " + std::to_string(timeout.count()));
  }

  pqxx::result run(std::string_view script) {
    return translating([&] { return pqxx::nontransaction(connection_).exec(std::string(script)); });
  }

  pqxx::result run(std::string_view sql, std::span<const Param> params) {
    Texts texts(params);
    return translating([&] { return execute(prepared(sql), texts.get()); });
  }

  void forget(std::string_view sql) {
    if (auto found = index_.find(sql); found != index_.end()) drop(found->second);
  }

  /// False when the server has closed the connection, or said something unasked: it is about to.
  bool alive() const {
    pollfd waiting{connection_.sock(), POLLIN, 0};
    return connection_.is_open() && ::poll(&waiting, 1, 0) == 0;
  }

 private:
  struct Statement {
    std::string sql, name;
  };

  const std::string& prepared(std::string_view sql) {
    if (auto found = index_.find(sql); found != index_.end()) {
      statements_.splice(statements_.begin(), statements_, found->second);
      return found->second->name;
    }
    if (statements_.size() >= statement_limit) drop(std::prev(statements_.end()));
    Statement statement{std::string(sql), "s" + std::to_string(++made_)};
    connection_.prepare(statement.name, statement.sql);
    statements_.push_front(std::move(statement));
    index_.emplace(statements_.front().sql, statements_.begin());
    return statements_.front().name;
  }

  void drop(std::list<Statement>::iterator statement) {
    std::string name = std::move(statement->name);
    index_.erase(statement->sql);
    statements_.erase(statement);
    translating([&] { connection_.unprepare(name); });
  }

  pqxx::result execute(const std::string& name, const std::vector<Texts::Text>& texts) {
    pqxx::nontransaction direct(connection_);  // no BEGIN and COMMIT around one statement
#if PQXX_VERSION_MAJOR >= 7
    pqxx::params params;
    params.reserve(texts.size());
    for (const auto& text : texts) {
      if (text) params.append(*text);
      else params.append();
    }
    return direct.exec(pqxx::prepped{name}, params);
#else
    std::vector<const char*> params;
    params.reserve(texts.size());
    for (const auto& text : texts) params.push_back(text ? text->c_str() : nullptr);
    return direct.exec_prepared(name, pqxx::prepare::make_dynamic_params(params));
#endif
  }

  pqxx::connection connection_;
  std::list<Statement> statements_;  // the latest used first
  std::unordered_map<std::string_view, std::list<Statement>::iterator> index_;
  std::uint64_t made_ = 0;
};

// ---- the pool ----------------------------------------------------------------------------------------

class Pool {
 public:
  Pool(const std::string& url, int size, std::chrono::milliseconds timeout)
      : conninfo_(with_timeouts(url, timeout)), size_(std::size_t(std::max(size, 1))), timeout_(timeout) {}

  /// A connection on loan. Returned when destroyed, unless broken.
  class Loan {
   public:
    Loan(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
    Loan(Loan&& other) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (returns_) pool_->give_back(std::move(connection_));
    }
    Connection* operator->() const { return connection_.get(); }
    void discard() noexcept { connection_.reset(); }

   private:
    struct OnMove {  // a moved-from loan returns nothing
      OnMove() = default;
      OnMove(OnMove&& other) noexcept : owned(std::exchange(other.owned, false)) {}
      explicit operator bool() const { return owned; }
      bool owned = true;
    };
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
    OnMove returns_;
  };

  Loan borrow() {
    std::unique_lock lock(mutex_);
    if (!free_.wait_for(lock, timeout_, [&] { return !idle_.empty() || open_ < size_; })) {
      throw Error(ErrorCode::unavailable,
                  "no database connection became free (DATABASE_POOL_SIZE, DATABASE_TIMEOUT_MS)")
          .retry_in(std::chrono::seconds(1));
    }
    std::unique_ptr<Connection> connection;
    if (idle_.empty()) {
      ++open_;
    } else {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    lock.unlock();
    if (connection && connection->alive()) return Loan(*this, std::move(connection));
    return Loan(*this, connect());
  }

 private:
  static std::string with_timeouts(const std::string& url, std::chrono::milliseconds timeout) {
    if (url.find("connect_timeout") != url.npos) return url;
    bool is_url = url.find("://") != url.npos;
    auto seconds = std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(timeout).count());
    std::string added = "connect_timeout=" + std::to_string(seconds);
    added += (is_url ? "&" : " ") + ("tcp_user_timeout=" + std::to_string(2 * timeout.count()));
    if (!is_url) return url + " " + added;
    return url + (url.find('?') == url.npos ? "?" : "&") + added;
  }

  std::unique_ptr<Connection> connect() {
    try {
      return translating([&] { return std::make_unique<Connection>(conninfo_, timeout_); });
    } catch (const Error&) {
      give_back(nullptr);
      // The driver's text may hold the address and the user; it is of no use to a caller.
      throw Error(ErrorCode::unavailable, "the database cannot be reached (DATABASE_URL)")
          .retry_in(std::chrono::seconds(1));
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }

  void give_back(std::unique_ptr<Connection> connection) {
    {
      std::lock_guard lock(mutex_);
      if (connection) idle_.push_back(std::move(connection));
      else --open_;
    }
    free_.notify_one();
  }

  const std::string conninfo_;
  const std::size_t size_;
  const std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t open_ = 0;  // idle or on loan
};

// ---- the port ----------------------------------------------------------------------------------------

class PostgresTransaction final : public Transaction {
  void require_open() const {
    if (finished_) throw Error(ErrorCode::internal, "the transaction has ended");
  }

  template <class Work>
  auto run(Work&& work) {
    require_open();
    try {
      return work();
    } catch (const Failure& failure) {
      collided_ = failure.fault == Fault::try_again;
      if (failure.fault == Fault::connection) {
        finished_ = true;
        loan_->discard();
      }
      throw;
    }
  }

 public:
  explicit PostgresTransaction(Pool::Loan loan) : own_loan_(std::move(loan)), loan_(&*own_loan_), depth_(0) {
    run([&] { (*loan_)->run("BEGIN"); });
  }
  PostgresTransaction(Pool::Loan& outer, int depth) : loan_(&outer), depth_(depth) {
    run([&] { (*loan_)->run("SAVEPOINT s" + std::to_string(depth_)); });
  }

  ~PostgresTransaction() override {
    if (finished_) return;
    try {
      (*loan_)->run(depth_ == 0 ? "ROLLBACK" : "ROLLBACK TO s" + std::to_string(depth_));
    } catch (...) {
      if (depth_ == 0) loan_->discard();  // the server rolls back what it loses sight of
    }
  }

  Engine engine() const noexcept override { return Engine::postgres; }

  Rows query(std::string_view sql, std::span<const Param> params) override {
    return run([&] { return to_rows((*loan_)->run(sql, params)); });
  }
  std::int64_t exec(std::string_view sql, std::span<const Param> params) override {
    return run([&] { return std::int64_t((*loan_)->run(sql, params).affected_rows()); });
  }
  void exec_script(std::string_view sql) override {
    run([&] { (*loan_)->run(sql); });
  }

  std::unique_ptr<Transaction> begin() override {
    require_open();
    return std::make_unique<PostgresTransaction>(*loan_, depth_ + 1);
  }

  void commit() override {
    run([&] { (*loan_)->run(depth_ == 0 ? "COMMIT" : "RELEASE s" + std::to_string(depth_)); });
    finished_ = true;
  }

 protected:
  bool should_retry(const Error&, int attempt) noexcept override {
    return depth_ == 0 && collided_ && attempt < 5;  // a savepoint's collision has undone all of the transaction
  }

 private:
  std::optional<Pool::Loan> own_loan_;
  Pool::Loan* loan_;
  int depth_;
  bool finished_ = false;
  bool collided_ = false;
};

class Postgres final : public Database {
 public:
  Postgres(const std::string& url, int connections, std::chrono::milliseconds timeout)
      : pool_(url, connections, timeout) {}

  Engine engine() const noexcept override { return Engine::postgres; }

  Rows query(std::string_view sql, std::span<const Param> params) override { return to_rows(run(sql, params)); }
  std::int64_t exec(std::string_view sql, std::span<const Param> params) override {
    return std::int64_t(run(sql, params).affected_rows());
  }
  void exec_script(std::string_view sql) override {
    auto loan = pool_.borrow();
    try {
      loan->run(sql);
    } catch (const Failure& failure) {
      if (failure.fault == Fault::connection) loan.discard();
      throw Error(failure);
    }
  }
  std::unique_ptr<Transaction> begin() override {
    try {
      return std::make_unique<PostgresTransaction>(pool_.borrow());
    } catch (const Failure& failure) {
      if (failure.fault != Fault::connection) throw Error(failure);
    }
    return std::make_unique<PostgresTransaction>(pool_.borrow());  // nothing had begun: a fresh connection may do
  }

 protected:
  bool should_retry(const Error&, int) noexcept override { return false; }

 private:
  static bool reads_only(std::string_view sql) {
    auto start = sql.find_first_not_of(" \n\t");
    return start != sql.npos && sql.compare(start, 6, "SELECT") == 0;
  }

  pqxx::result run(std::string_view sql, std::span<const Param> params) {
    for (bool first = true;; first = false) {
      auto loan = pool_.borrow();
      try {
        return loan->run(sql, params);
      } catch (const Failure& failure) {
        if (failure.fault == Fault::connection) loan.discard();
        if (failure.fault == Fault::stale_plan) loan->forget(sql);
        // A write that was cut off may have happened: only what surely did not is tried again.
        bool undone = failure.fault == Fault::stale_plan || failure.fault == Fault::try_again ||
                      (failure.fault == Fault::connection && reads_only(sql));
        if (!first || !undone) throw Error(failure);
      }
    }
  }

  Pool pool_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(const std::string& url, int connections, std::chrono::milliseconds timeout) {
  return std::make_unique<Postgres>(url, connections, timeout);
}

}  // namespace backend::adapters
