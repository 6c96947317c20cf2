#include <pqxx/pqxx>  // this file and no other: two generations of libpqxx differ here

#include "adapters/adapters.h"
#include "adapters/open_transaction.h"
#include "adapters/postgres_text.h"
#include "adapters/sql_text.h"
#include "support/pool.h"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <list>
#include <unordered_map>

namespace backend::adapters {
namespace {

constexpr std::size_t max_statements = 256;

Error unavailable(const std::string& message) {
  return Error(ErrorCode::unavailable, message).retry_in(std::chrono::seconds(1));
}

/// Values as the text that the wire protocol takes, and their types (see with_types()). NULLs are not sent.
class TextParams {
 public:
  explicit TextParams(std::span<const Param> params) {
    texts_.reserve(params.size());
    pointers_.reserve(params.size());
    for (const Param& param : params) {
      std::visit([this](auto value) { add(value); }, param.get());
    }
  }

  const std::string& types() const noexcept { return types_; }

#if PQXX_VERSION_MAJOR >= 7
  pqxx::params get() const {
    pqxx::params list;
    for (const std::string& text : texts_) list.append(pqxx::zview(text));  // borrowed
    return list;
  }
#else
  auto get() const { return pqxx::prepare::make_dynamic_params(pointers_.begin(), pointers_.end()); }
#endif

 private:
  void add(std::nullptr_t) { types_ += 'n'; }
  void add(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
      throw Error(ErrorCode::invalid, "text with a zero byte cannot be stored");
    }
    add('t', text);
  }
  void add(std::int64_t number) { add_number('i', number); }
  void add(double number) { add_number('d', number); }

  template <class Number>
  void add_number(char type, Number number) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    add(type, {digits, static_cast<std::size_t>(end - digits)});
  }
  void add(char type, std::string_view text) {
    types_ += type;
    pointers_.push_back(texts_.emplace_back(text).c_str());
  }

  std::string types_;
  std::vector<std::string> texts_;  // reserved in full: what pointers_ points to does not move
  std::vector<const char*> pointers_;
};

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size();
}

Value to_value(pqxx::oid type, std::string_view text) {
  enum : pqxx::oid {
    bool_ = 16,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    oid = 26,
    float4 = 700,
    float8 = 701,
    numeric = 1700
  };
  std::int64_t integer = 0;
  double real = 0;
  switch (type) {
    case bool_:
      return std::int64_t{text == "t"};
    case int2:
    case int4:
    case int8:
    case oid:
    case numeric:  // sum() of BIGINT
      if (parse(text, integer)) return integer;
      [[fallthrough]];
    case float4:
    case float8:
      if (parse(text, real)) return real;  // from_chars reads Infinity and NaN as well
      throw Error(ErrorCode::internal, "not a number: " + std::string(text));
    default:
      return std::string(text);
  }
}

Rows to_rows(const pqxx::result& result) {
  const auto columns = result.columns();
  std::vector<pqxx::oid> types;
  for (decltype(result.columns()) i = 0; i < columns; ++i) types.push_back(result.column_type(i));
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(result.size()) * types.size());
  for (const auto& row : result) {
    for (decltype(result.columns()) i = 0; i < columns; ++i) {
      const auto field = row[i];
      if (field.is_null()) {
        values.emplace_back(nullptr);
      } else {
        values.push_back(to_value(types[static_cast<std::size_t>(i)], {field.c_str(), field.size()}));
      }
    }
  }
  return Rows(types.size(), std::move(values));
}

class PostgresConnection final : public Connection {
 public:
  /// The driver's own words name addresses and users: `explain` puts them into the error.
  PostgresConnection(const std::string& url, std::chrono::milliseconds timeout, bool explain) try
      : timeout_(timeout), connection_(url), session_(connection_) {
    session_.exec(session_setup(timeout));
  } catch (const pqxx::failure& failure) {
    throw unavailable("cannot connect to the database" + (explain ? ": " + first_line(failure.what()) : ""));
  }

  Rows query(std::string_view sql, std::span<const Param> params) override {
    return to_rows(run(sql, params));
  }

  std::int64_t exec(std::string_view sql, std::span<const Param> params) override {
    const auto count = static_cast<std::int64_t>(run(sql, params).affected_rows());
    return sql_kind(sql) == SqlKind::read ? 0 : count;  // the server counts what was read, too
  }

  void script(std::string_view sql) override {
    translate([&] { return session_.exec(std::string(sql)); });
  }

  void control(const char* sql) override {
    const std::string_view text = sql;
    const bool commit = text == "COMMIT";
    // Ended either way: a COMMIT that fails has rolled back.
    if (commit || text == "ROLLBACK") in_transaction_ = false;
    try {
      translate([&] { return session_.exec(sql); });
    } catch (const Error&) {
      if (!commit || !broken_) throw;
      throw unavailable(
          "the connection was lost during COMMIT: whether the transaction took effect is unknown");
    }
    if (text == "BEGIN") in_transaction_ = true;
  }

  bool in_transaction() const noexcept override { return in_transaction_ && connection_.is_open(); }
  bool may_run_again() const noexcept override { return may_run_again_; }
  bool broken() const noexcept override { return broken_; }

  /// False when the server has hung up while the connection lay idle: nothing may be waiting to be read then.
  bool quiet() const noexcept {
    pollfd socket{connection_.sock(), POLLIN, 0};
    return connection_.is_open() && ::poll(&socket, 1, 0) == 0;
  }

 private:
  struct Statement {
    std::string sql;
    std::string types;
    std::string name;
  };
  struct Key {
    std::string_view sql;
    std::string_view types;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept {
      const std::hash<std::string_view> hash;
      return hash(key.sql) * 31 + hash(key.types);
    }
  };
  using Statements = std::list<Statement>;

  pqxx::result run(std::string_view sql, std::span<const Param> params) {
    const TextParams texts(params);
    const SqlKind kind = sql_kind(sql);
    if (kind == SqlKind::transaction) refuse_transaction_statement(sql);
    if (kind == SqlKind::other) {
      if (is_blank_sql(sql)) throw Error(ErrorCode::internal, "the statement is empty");
      return translate([&] { return run_unprepared(with_types(sql, texts.types()), texts); });
    }
    outdated_ = false;
    try {
      return translate([&] { return run_prepared(sql, texts); });
    } catch (const Error&) {
      if (!outdated_ || in_transaction_) throw;
    }
    return translate([&] { return run_prepared(sql, texts); });
  }

  pqxx::result run_unprepared(const std::string& sql, const TextParams& texts) {
#if PQXX_VERSION_MAJOR >= 7
    return session_.exec(sql, texts.get());
#else
    return session_.exec_params(sql, texts.get());
#endif
  }

  pqxx::result run_prepared(std::string_view sql, const TextParams& texts) {
    const Statement& statement = prepared({sql, texts.types()});
    try {
#if PQXX_VERSION_MAJOR >= 7
      return session_.exec(pqxx::prepped{statement.name}, texts.get());
#else
      return session_.exec_prepared(statement.name, texts.get());
#endif
    } catch (const pqxx::sql_error& error) {
      // The tables have changed since (0A000), or somebody has cleared the session (26000).
      outdated_ = error.sqlstate() == "0A000" || error.sqlstate() == "26000";
      if (outdated_) {
        may_run_again_ = true;
        forget(statements_.begin());
      }
      throw;
    }
  }

  const Statement& prepared(const Key& key) {
    if (const auto found = index_.find(key); found != index_.end()) {
      statements_.splice(statements_.begin(), statements_, found->second);
      return statements_.front();
    }
    if (statements_.size() >= max_statements) forget(std::prev(statements_.end()));
    Statement statement{std::string(key.sql), std::string(key.types),
                        "s" + std::to_string(++prepared_count_)};
    connection_.prepare(statement.name, with_types(key.sql, key.types));
    statements_.push_front(std::move(statement));
    index_.emplace(Key{statements_.front().sql, statements_.front().types}, statements_.begin());
    return statements_.front();
  }

  void forget(Statements::iterator statement) noexcept {
    try {
      connection_.unprepare(statement->name);
    } catch (const std::exception&) {
      // In a failed transaction, or gone already; its name is not used again.
    }
    index_.erase(Key{statement->sql, statement->types});
    statements_.erase(statement);
  }

  /// Runs `work` and turns the driver's errors into ours.
  template <class Work>
  pqxx::result translate(Work work) {
    may_run_again_ = false;
    try {
      return work();
    } catch (const pqxx::serialization_failure& error) {
      fail_with("40001", error.what());
    } catch (const pqxx::deadlock_detected& error) {
      fail_with("40P01", error.what());
    } catch (const pqxx::sql_error& error) {
      fail_with(error.sqlstate(), error.what());
    } catch (const pqxx::failure& error) {
      fail_with("", error.what());
    } catch (const pqxx::argument_error& error) {
      throw Error(ErrorCode::internal, std::string("database: ") + error.what());
    } catch (const pqxx::usage_error& error) {
      throw Error(ErrorCode::internal, std::string("database: ") + error.what());
    }
  }

  [[noreturn]] void fail_with(std::string_view state, const char* message) {
    const std::string reason = "database: " + first_line(message);
    const std::string wait = std::to_string(timeout_.count()) + " ms (DATABASE_TIMEOUT_MS)";
    if (!connection_.is_open() || state.starts_with("57P")) {
      broken_ = true;
      throw unavailable("the connection to the database was lost");
    }
    if (state == "23505" || state == "23P01") {
      const std::string key = violated_key(message);
      throw Error(ErrorCode::conflict, "another row has the same " + key, key);
    }
    if (state == "23503") {
      throw Error(ErrorCode::conflict, "a row that is referred to does not exist, or is still referred to",
                  violated_key(message));
    }
    if (state == "40001" || state == "40P01") {
      may_run_again_ = true;
      throw unavailable("the transaction collided with another");
    }
    if (state == "55P03") throw unavailable("a lock was not free within " + wait);
    if (state == "57014") throw unavailable("a statement was stopped at its time limit, 12 times " + wait);
    if (state.starts_with("53"))
      throw unavailable("the database has too little memory, room or connections left");
    if (state.starts_with("22021")) throw Error(ErrorCode::invalid, "text is not UTF-8");
    throw Error(ErrorCode::internal, reason);
  }

  const std::chrono::milliseconds timeout_;
  pqxx::connection connection_;
  /// One for good: transactions are statements to it, so that a single statement costs one round trip.
  pqxx::nontransaction session_;
  Statements statements_;  ///< most recently used first; the index's keys point into them
  std::unordered_map<Key, Statements::iterator, Hash> index_;
  std::uint64_t prepared_count_ = 0;
  bool in_transaction_ = false;
  bool may_run_again_ = false;
  bool broken_ = false;
  bool outdated_ = false;
};

using PostgresPool = Pool<PostgresConnection>;

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(const std::string& url, int connections, std::chrono::milliseconds timeout)
      : timeout_(timeout),
        size_(std::max(connections, 1)),
        // Until the first connection the reader of an error is the operator who starts the program.
        pool_(size_, [address = with_connection_defaults(url, timeout), timeout,
                      was_reached = std::make_shared<std::atomic<bool>>(false)] {
          auto connection = std::make_unique<PostgresConnection>(address, timeout, !*was_reached);
          *was_reached = true;
          return connection;
        }) {}

  Engine engine() const noexcept override { return Engine::postgres; }

  Rows query(std::string_view sql, std::span<const Param> params) override {
    return run(sql, [&](PostgresConnection& connection) { return connection.query(sql, params); });
  }

  std::int64_t exec(std::string_view sql, std::span<const Param> params) override {
    return run(sql, [&](PostgresConnection& connection) { return connection.exec(sql, params); });
  }

  void exec_script(std::string_view sql) override {
    const auto open = begin();
    open->exec_script(sql);
    open->commit();
  }

  std::unique_ptr<Transaction> begin() override {
    auto lease = borrow();
    // Before BEGIN has answered nothing has happened: sending it again is safe.
    with(lease, true, [](PostgresConnection& connection) {
      connection.control("BEGIN");
      return 0;
    });
    return std::make_unique<LeasedTransaction<PostgresPool::Lease>>(Engine::postgres, std::move(lease));
  }

 private:
  bool should_retry(const Error&, int) noexcept override { return false; }

  template <class Work>
  std::invoke_result_t<Work, PostgresConnection&> run(std::string_view sql, Work work) {
    auto lease = borrow();
    return with(lease, surely_reads(sql), work);
  }

  /// A connection that turns out broken is replaced; what may be sent twice is sent again, once.
  template <class Work>
  static std::invoke_result_t<Work, PostgresConnection&> with(PostgresPool::Lease& lease, bool repeatable,
                                                              Work work) {
    try {
      return work(*lease);
    } catch (...) {
      const bool again = lease->broken() && repeatable;
      if (lease->broken()) lease.discard();
      if (!again) throw;
    }
    lease.replace();
    try {
      return work(*lease);
    } catch (...) {
      if (lease->broken()) lease.discard();
      throw;
    }
  }

  PostgresPool::Lease borrow() {
    auto lease = pool_.acquire(timeout_);
    if (!lease) {
      throw unavailable("all " + std::to_string(size_) +
                        " database connections (DATABASE_POOL_SIZE) were busy for " +
                        std::to_string(timeout_.count()) + " ms (DATABASE_TIMEOUT_MS)");
    }
    if (!lease->quiet()) lease.replace();
    return lease;
  }

  const std::chrono::milliseconds timeout_;
  const int size_;
  PostgresPool pool_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(const std::string& url, int connections,
                                        std::chrono::milliseconds timeout) {
  return std::make_unique<PostgresDatabase>(url, connections, timeout);
}

}  // namespace backend::adapters
