#include "store/adopt_seed.h"

#include "store/schema.h"
#include "support/text.h"

#include <algorithm>
#include <limits>

namespace backend::store {
namespace {

struct SeedTable {
  std::string name;
  std::set<std::string> columns;
};

const SeedTable& seed_table(std::size_t index) {
  static const SeedTable tables[] = {
      {"users", {"id", "email", "password_hash", "name", "created_at"}},
      {"messages", {"id", "sender_id", "recipient_id", "content", "created_at"}},
      {"documents",
       {"id", "user_id", "filename", "file_path", "extracted_text", "page_count", "file_size", "created_at"}},
  };
  return tables[index];
}

constexpr std::size_t seed_table_count = 3;
constexpr std::int64_t before_all = std::numeric_limits<std::int64_t>::min();

/// Microseconds of the naive UTC time `created_at`, or $1. Exact with EXTRACT's double of before PostgreSQL
/// 14, too.
const std::string created_at =
    "CASE WHEN isfinite(created_at) THEN CAST(ROUND(EXTRACT(EPOCH FROM created_at) * 1000000) AS BIGINT) "
    "ELSE $1 END";

std::string identifier(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::conflict, "the database cannot be taken over: " + reason + "; nothing was changed");
}

void refuse_foreign_tables(Database& database) {
  std::string present;
  for (const char* name : {"users", "sessions", "messages", "documents", "notifications"}) {
    if (!columns_of(database, name).empty()) present += (present.empty() ? "" : ", ") + std::string(name);
  }
  if (present.empty()) return;
  refuse("it has tables of another program by names that this one uses (" + present +
         "); give this backend a database or a schema of its own");
}

bool is_seed(Database& database) {
  if (database.engine() != Database::Engine::postgres) return false;
  for (std::size_t i = 0; i < seed_table_count; ++i) {
    const auto& [name, wanted] = seed_table(i);
    const auto columns = columns_of(database, name);
    if (!is_table(database, name) ||
        !std::includes(columns.begin(), columns.end(), wanted.begin(), wanted.end())) {
      return false;
    }
  }
  return columns_of(database, "sessions").empty() && columns_of(database, "notifications").empty();
}

/// A table of the host that refers to a seed table would go on referring to the one that was set aside.
void refuse_references(Database& database) {
  const Rows rows = database.query(
      "SELECT conname, CAST(CAST(conrelid AS regclass) AS text) FROM pg_constraint WHERE contype = 'f' "
      "AND confrelid IN (to_regclass('users'), to_regclass('messages'), to_regclass('documents')) "
      "AND conrelid NOT IN (to_regclass('users'), to_regclass('messages'), to_regclass('documents'))");
  if (rows.empty()) return;
  refuse("the table " + rows[0].text(1) + " refers to it by the constraint " + rows[0].text(0) +
         "; drop the constraint, and add it again afterwards");
}

void rename(Database& database, std::string_view name) {
  database.exec("ALTER TABLE " + identifier(name) + " RENAME TO " + identifier("seed_" + std::string(name)));
}

/// Indexes, sequences and constraints too: ours shall have the names that they have in every other database.
void set_aside(Database& database, const std::string& table) {
  if (!columns_of(database, "seed_" + table).empty()) {
    refuse("a table seed_" + table + " is left of an earlier time; drop or rename it");
  }
  const Rows parts = database.query(
      "SELECT c.relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE i.indrelid = "
      "to_regclass($1) "
      "UNION ALL SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', "
      "'i') "
      "WHERE s.relkind = 'S' AND d.refobjid = to_regclass($1)",
      {table});
  const Rows constraints = database.query(
      "SELECT conname FROM pg_constraint WHERE contype IN ('f', 'c') AND conrelid = to_regclass($1)",
      {table});
  rename(database, table);
  for (std::size_t i = 0; i < parts.size(); ++i) rename(database, parts[i].text(0));
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    const std::string& name = constraints[i].text(0);
    database.exec("ALTER TABLE seed_" + table + " RENAME CONSTRAINT " + identifier(name) + " TO " +
                  identifier("seed_" + name));
  }
}

/// Calls `each` for all rows of `sql`, which takes $1 now, $2 the last id, $3 how many, and yields the id
/// first.
template <class Each>
void for_all(Database& database, const std::string& sql, Timestamp now, int batch, Each each) {
  for (std::int64_t last = before_all;;) {
    const Rows rows = database.query(sql, {now, last, batch});
    for (std::size_t i = 0; i < rows.size(); ++i) each(rows[i]);
    if (rows.empty()) return;
    last = rows[rows.size() - 1].integer(0);
  }
}

bool insert_user(Database& database, const Rows::Row& seed, std::string_view key) {
  return database.exec(
             "INSERT INTO users (id, email, email_key, password_hash, full_name, created_at, updated_at) "
             "VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (email_key) DO NOTHING",
             {seed.integer(0), seed.text(1), key, seed.text(2), seed.text(3), seed.integer(4)}) == 1;
}

void copy_users(Database& database, Timestamp now) {
  const std::string sql = "SELECT id, email, password_hash, name, " + created_at +
                          " FROM seed_users WHERE id > $2 ORDER BY id LIMIT $3";
  // First those whose address is its own folded form: the key is theirs.
  for_all(database, sql, now, 1000, [&](const Rows::Row& seed) {
    if (fold(seed.text(1)) == seed.text(1)) insert_user(database, seed, seed.text(1));
  });
  for_all(database, sql, now, 1000, [&](const Rows::Row& seed) {
    const std::string key = fold(seed.text(1));
    // The address as given cannot be anybody's folded form, and the FastAPI backend had it once only.
    if (key != seed.text(1) && !insert_user(database, seed, key)) insert_user(database, seed, seed.text(1));
  });
}

void copy_messages(Database& database, Timestamp now) {
  database.exec(
      "INSERT INTO messages (id, sender_id, recipient_id, content, created_at) "
      "SELECT id, sender_id, recipient_id, content, " +
          created_at + " FROM seed_messages",
      {now});
}

void copy_documents(Database& database, Timestamp now) {
  const std::string sql =
      "SELECT id, user_id, filename, file_path, COALESCE(extracted_text, ''), COALESCE(page_count, 0), "
      "COALESCE(file_size, 0), " +
      created_at + " FROM seed_documents WHERE id > $2 ORDER BY id LIMIT $3";
  for_all(database, sql, now, 16, [&](const Rows::Row& seed) {
    database.exec(
        "INSERT INTO documents (id, user_id, filename, legacy_path, status, text, search_text, page_count, "
        "file_size, "
        "created_at) VALUES ($1, $2, $3, $4, 'ready', $5, $6, $7, $8, $9)",
        {seed.integer(0), seed.integer(1), seed.text(2), seed.text(3), seed.text(4),
         fold(seed.text(2) + "\n" + seed.text(4)), seed.integer(5), seed.integer(6), seed.integer(7)});
  });
}

/// Past every id that was ever given, not only the highest that is left: a token of a user who was deleted
/// must not become another's.
void advance_sequence(Database& database, const std::string& table) {
  const auto last =
      database
          .query("SELECT GREATEST((SELECT MAX(id) FROM " + table +
                     "), "
                     "pg_sequence_last_value(CAST(pg_get_serial_sequence($1, 'id') AS regclass)))",
                 {"seed_" + table})[0]
          .optional_integer(0);
  if (last && *last > 0)
    database.query("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", {table, *last});
}

void check_count(Database& database, const std::string& table) {
  const std::string sql =
      "SELECT (SELECT COUNT(*) FROM seed_" + table + ") - (SELECT COUNT(*) FROM " + table + ")";
  const auto missing = database.query(sql)[0].integer(0);
  if (missing != 0) refuse(std::to_string(missing) + " rows of " + table + " could not be copied");
}

bool all_columns_copied(Database& database) {
  for (std::size_t i = 0; i < seed_table_count; ++i) {
    if (columns_of(database, "seed_" + seed_table(i).name) != seed_table(i).columns) return false;
  }
  return true;
}

void drop_seed(Database& database) {
  try {
    database.exec("DROP TABLE seed_documents, seed_messages, seed_users");
  } catch (const Error& error) {
    if (error.code() != ErrorCode::internal) throw;
    refuse("something else depends on its tables (" + std::string(error.what()) + "); drop that first");
  }
}

}  // namespace

void set_seed_aside(Database& database) {
  if (!is_seed(database)) return refuse_foreign_tables(database);
  // Whoever still runs the FastAPI backend waits, and then finds other tables: nothing is written in between.
  database.exec("LOCK TABLE users, messages, documents IN ACCESS EXCLUSIVE MODE");
  refuse_references(database);
  for (std::size_t i = 0; i < seed_table_count; ++i) set_aside(database, seed_table(i).name);
}

void copy_seed(Database& database, const Clock& clock) {
  if (database.engine() != Database::Engine::postgres || !is_table(database, "seed_users")) return;
  const Timestamp now = clock.now();
  copy_users(database, now);
  copy_messages(database, now);
  copy_documents(database, now);
  for (std::size_t i = 0; i < seed_table_count; ++i) {
    check_count(database, seed_table(i).name);
    advance_sequence(database, seed_table(i).name);
  }
  if (all_columns_copied(database)) drop_seed(database);
}

void refuse_to_lose_rows(Database& database) {
  for (const std::string table : {"users", "messages", "documents", "notifications"}) {
    const auto count = database.query("SELECT COUNT(*) FROM " + table)[0].integer(0);
    if (count == 0) continue;
    throw Error(ErrorCode::conflict, "taking back the first migration would delete " + std::to_string(count) +
                                         " rows of " + table + ": delete them on purpose first");
  }
}

}  // namespace backend::store
