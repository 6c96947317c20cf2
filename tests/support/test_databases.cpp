#include "support/test_databases.h"

#include "adapters/adapters.h"

#include <unistd.h>

#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__)
/// libpqxx 6.4 asks for the encoding of a connection before it takes hold of the result; when the connection
/// is lost that throws, and the result stays behind.
extern "C" const char* __lsan_default_suppressions() { return "leak:libpqxx-6.4.so\n"; }
#endif

namespace backend::testing {
namespace {

const char* server() { return std::getenv("TEST_POSTGRES_URL"); }

std::string in_schema(const std::string& url, const std::string& schema) {
  return url + (url.find('?') == std::string::npos ? '?' : '&') + "options=-csearch_path%3D" + schema;
}

std::unique_ptr<Database> open_server() {
  return adapters::open_postgres(server(), 1, std::chrono::seconds(30));
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "libbackend-test-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string name_of(Kind kind) {
  return kind == Kind::sqlite_file     ? "sqlite_file"
         : kind == Kind::sqlite_memory ? "sqlite_memory"
                                       : "postgres";
}

bool TestDatabase::available(Kind kind) { return kind != Kind::postgres || (server() && *server()); }

TestDatabase::TestDatabase(Kind kind) : kind_(kind) {
  if (kind == Kind::sqlite_file) address_ = (folder_.path() / "app.db").string();
  if (kind == Kind::sqlite_memory) address_ = ":memory:";
  if (kind != Kind::postgres) return;
  static std::atomic<int> count = 0;
  schema_ = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
  const auto database = open_server();
  database->exec("DROP SCHEMA IF EXISTS " + schema_ + " CASCADE");
  database->exec("CREATE SCHEMA " + schema_);
  address_ = in_schema(server(), schema_);
}

TestDatabase::~TestDatabase() {
  if (schema_.empty()) return;
  try {
    open_server()->exec("DROP SCHEMA " + schema_ + " CASCADE");
  } catch (const Error& error) {
    ADD_FAILURE() << "cannot drop the schema of the test: " << error.what();
  }
}

std::unique_ptr<Database> TestDatabase::open(int connections, std::chrono::milliseconds timeout) const {
  return kind_ == Kind::postgres ? adapters::open_postgres(address_, connections, timeout)
                                 : adapters::open_sqlite(address_, connections, timeout);
}

std::int64_t integer(Database& db, std::string_view sql, std::initializer_list<Param> params) {
  return db.query(sql, params)[0].integer(0);
}

std::string text(Database& db, std::string_view sql, std::initializer_list<Param> params) {
  return db.query(sql, params)[0].text(0);
}

}  // namespace backend::testing
