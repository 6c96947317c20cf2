// The tables are those that the FastAPI backend's init_db() makes.
#include "store/adopt_files.h"
#include "store/schema.h"
#include "support/test_databases.h"

#include <backend/migrations.h>

namespace backend::testing {
namespace {

constexpr const char* seed_schema =
    "CREATE TABLE users (id SERIAL PRIMARY KEY, email VARCHAR(255) UNIQUE NOT NULL, password_hash "
    "VARCHAR(255) NOT NULL, "
    "name VARCHAR(255) NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);"
    "CREATE TABLE messages (id SERIAL PRIMARY KEY, sender_id INTEGER NOT NULL, recipient_id INTEGER NOT "
    "NULL, content TEXT "
    "NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, FOREIGN KEY (sender_id) REFERENCES users "
    "(id), "
    "FOREIGN KEY (recipient_id) REFERENCES users (id));"
    "CREATE TABLE documents (id SERIAL PRIMARY KEY, user_id INTEGER NOT NULL, filename VARCHAR(255) NOT "
    "NULL, file_path "
    "VARCHAR(500) NOT NULL, extracted_text TEXT, page_count INTEGER, file_size INTEGER, created_at TIMESTAMP "
    "DEFAULT "
    "CURRENT_TIMESTAMP, FOREIGN KEY (user_id) REFERENCES users (id));";

class AdoptSeed : public OnPostgres {
 protected:
  void SetUp() override {
    OnPostgres::SetUp();
    if (!IsSkipped()) db_->exec_script(seed_schema);
  }
  void add_user(int id, std::string_view email) {
    db_->exec("INSERT INTO users (id, email, password_hash, name) VALUES ($1, $2, $3, $4)",
              {id, email, "$2b$12$hash of " + std::string(email), "Name " + std::to_string(id)});
  }
  std::string key_of(int id) { return text(*db_, "SELECT email_key FROM users WHERE id = $1", {id}); }
  int adopt() { return Migrations(*db_, clock_).up(1); }
  bool exists(std::string_view table) { return store::is_table(*db_, table); }
  Error refused() {
    const Error error = error_of([&] { adopt(); });
    EXPECT_EQ(error.code(), ErrorCode::conflict) << error.what();
    EXPECT_FALSE(exists("schema_migrations"));
    EXPECT_FALSE(exists("sessions"));
    return error;
  }
  ManualClock clock_;
};

TEST_F(AdoptSeed, KeepsEveryUser) {
  db_->exec(
      "INSERT INTO users (id, email, password_hash, name, created_at) VALUES "
      "(3, 'Ada@Example.com', '$2b$12$abc', 'Ada \u2603 O''Neil', TIMESTAMP '2026-01-31 12:00:00.123457'), "
      "(9, 'bob@example.com', '$2b$04$def', '', NULL), "
      "(10, 'old@example.com', 'h', 'x', TIMESTAMP '1969-12-31 23:59:59.999999')");
  EXPECT_EQ(adopt(), 1);
  const Rows rows = db_->query(
      "SELECT id, email, email_key, password_hash, full_name, created_at, updated_at, is_active, role "
      "FROM users ORDER BY id");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].integer(0), 3);
  EXPECT_EQ(rows[0].text(1), "Ada@Example.com");
  EXPECT_EQ(rows[0].text(2), "ada@example.com");
  EXPECT_EQ(rows[0].text(3), "$2b$12$abc");
  EXPECT_EQ(rows[0].text(4), "Ada \u2603 O'Neil");
  EXPECT_EQ(to_iso8601(rows[0].time(5)), "2026-01-31T12:00:00.123457Z");
  EXPECT_EQ(rows[0].time(6), rows[0].time(5));
  EXPECT_TRUE(rows[0].boolean(7));
  EXPECT_EQ(rows[0].text(8), "user");
  EXPECT_EQ(rows[1].time(5), clock_.now()) << "none was stored";
  EXPECT_EQ(rows[2].integer(5), -1);
  for (const char* table : {"seed_users", "seed_messages", "seed_documents"}) EXPECT_FALSE(exists(table));
}

TEST_F(AdoptSeed, LetsAccountsThatDifferByCaseLogIn) {
  add_user(1, "ADA@example.com");
  add_user(2, "ada@example.com");
  add_user(3, "Ada@Example.com");
  add_user(4, "BOB@example.com");
  add_user(5, "Bob@example.com");
  add_user(6, "STRASSE@example.com");
  add_user(7, "stra\u00dfe@example.com");
  add_user(8, "jo\u0308rg@example.com");
  add_user(9, "J\u00d6RG@example.com");
  adopt();
  EXPECT_EQ(key_of(2), "ada@example.com") << "it is its own folded form";
  EXPECT_EQ(key_of(1), "ADA@example.com");
  EXPECT_EQ(key_of(3), "Ada@Example.com");
  EXPECT_EQ(key_of(4), "bob@example.com") << "the older one";
  EXPECT_EQ(key_of(5), "Bob@example.com");
  EXPECT_EQ(key_of(6), "strasse@example.com");
  EXPECT_EQ(key_of(7), "stra\u00dfe@example.com");
  EXPECT_EQ(key_of(8), "j\u00f6rg@example.com");
  EXPECT_EQ(key_of(9), "J\u00d6RG@example.com");
}

TEST_F(AdoptSeed, KeepsMessagesAndDocuments) {
  add_user(1, "ada@example.com");
  add_user(2, "bob@example.com");
  db_->exec(
      "INSERT INTO messages (id, sender_id, recipient_id, content, created_at) VALUES "
      "(5, 1, 2, $1, TIMESTAMP '2026-02-03 04:05:06.000007'), (6, 2, 2, '', NULL)",
      {"h\u00e9 \xF0\x9F\x98\x80\n' \\ \""});
  db_->exec(
      "INSERT INTO documents (id, user_id, filename, file_path, extracted_text, page_count, file_size, "
      "created_at) VALUES "
      "(4, 1, 'Z\u00dcRICH.pdf', 'uploads/x.pdf', 'STRASSE', 3, 1000, TIMESTAMP '2026-02-03 04:05:06'), "
      "(8, 2, 'b.pdf', 'uploads/y.pdf', NULL, NULL, NULL, NULL)");
  adopt();
  const Rows messages =
      db_->query("SELECT id, sender_id, recipient_id, content, created_at FROM messages ORDER BY id");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].integer(0), 5);
  EXPECT_EQ(messages[0].text(3), "h\u00e9 \xF0\x9F\x98\x80\n' \\ \"");
  EXPECT_EQ(to_naive_iso8601(messages[0].time(4)), "2026-02-03T04:05:06.000007");
  EXPECT_EQ(messages[1].time(4), clock_.now());
  const Rows documents = db_->query(
      "SELECT id, user_id, filename, legacy_path, text, search_text, page_count, file_size, status, "
      "blob_key, created_at FROM documents ORDER BY id");
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_EQ(documents[0].integer(0), 4);
  EXPECT_EQ(documents[0].text(3), "uploads/x.pdf");
  EXPECT_EQ(documents[0].text(4), "STRASSE");
  EXPECT_EQ(documents[0].text(5), "z\u00fcrich.pdf\nstrasse");
  EXPECT_EQ(documents[0].integer(6), 3);
  EXPECT_EQ(documents[0].integer(7), 1000);
  EXPECT_EQ(documents[0].text(8), "ready");
  EXPECT_TRUE(documents[0].is_null(9));
  EXPECT_EQ(documents[1].text(4), "");
  EXPECT_EQ(documents[1].integer(6), 0);
}

TEST_F(AdoptSeed, NeverGivesAnIdAgain) {
  for (int i = 0; i < 5; ++i)
    db_->exec("INSERT INTO users (email, password_hash, name) VALUES ($1, '', '')",
              {"u" + std::to_string(i)});
  db_->exec("DELETE FROM users WHERE id > 2");  // their tokens may still be valid
  adopt();
  const std::string insert =
      "INSERT INTO users (email, email_key, password_hash, full_name, created_at, updated_at) "
      "VALUES ('n', 'n', '', '', 0, 0) RETURNING id";
  EXPECT_EQ(integer(*db_, insert), 6);
  EXPECT_EQ(integer(*db_,
                    "INSERT INTO messages (sender_id, recipient_id, content, created_at) VALUES (1, 2, 'x', "
                    "0) RETURNING id"),
            1);
}

TEST_F(AdoptSeed, TakesMoreThanOneBatch) {
  db_->exec(
      "INSERT INTO users (email, password_hash, name) SELECT 'User' || n || '@x', 'h', 'n' FROM "
      "generate_series(1, 2500) n");
  db_->exec(
      "INSERT INTO messages (sender_id, recipient_id, content) SELECT 1, n, 'm' FROM generate_series(1, "
      "2500) n");
  db_->exec(
      "INSERT INTO documents (user_id, filename, file_path) SELECT 1, 'f', 'p' || n FROM generate_series(1, "
      "50) n");
  adopt();
  EXPECT_EQ(integer(*db_, "SELECT COUNT(DISTINCT email_key) FROM users"), 2500);
  EXPECT_EQ(integer(*db_, "SELECT COUNT(*) FROM messages"), 2500);
  EXPECT_EQ(integer(*db_, "SELECT COUNT(*) FROM documents"), 50);
}

TEST_F(AdoptSeed, TakesAnEmptyDatabaseAndNamesThingsAsInANewOne) {
  adopt();
  EXPECT_EQ(integer(*db_,
                    "INSERT INTO users (email, email_key, password_hash, full_name, created_at, updated_at) "
                    "VALUES ('n', 'n', '', '', 0, 0) RETURNING id"),
            1);
  EXPECT_EQ(
      integer(
          *db_,
          "SELECT COUNT(*) FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()::text) AND "
          "relname IN ('users_pkey', 'users_id_seq', 'messages_pkey', 'documents_id_seq')"),
      4);
  EXPECT_EQ(integer(*db_,
                    "SELECT COUNT(*) FROM pg_constraint WHERE connamespace = "
                    "to_regnamespace(current_schema()::text) AND "
                    "conname IN ('messages_sender_id_fkey', 'documents_user_id_fkey')"),
            2);
}

TEST_F(AdoptSeed, KeepsTablesThatHaveColumnsOfTheHost) {
  add_user(1, "ada@example.com");
  db_->exec("ALTER TABLE users ADD COLUMN phone TEXT");
  db_->exec("UPDATE users SET phone = '123'");
  adopt();
  EXPECT_EQ(text(*db_, "SELECT phone FROM seed_users"), "123");
  EXPECT_EQ(key_of(1), "ada@example.com");
}

TEST_F(AdoptSeed, RefusesWhenAnotherTableRefersToIts) {
  db_->exec("CREATE TABLE orders (user_id INTEGER REFERENCES users (id))");
  EXPECT_NE(std::string(refused().what()).find("orders"), std::string::npos);
  db_->exec("DROP TABLE orders");
  db_->exec("CREATE VIEW people AS SELECT email FROM users");
  EXPECT_NE(std::string(refused().what()).find("depend"), std::string::npos);
  db_->exec("DROP VIEW people");
  EXPECT_EQ(adopt(), 1);
}

TEST_F(AdoptSeed, RefusesTablesThatAreHalfThere) {
  add_user(1, "ada@example.com");
  db_->exec("DROP TABLE documents");
  EXPECT_NE(std::string(refused().what()).find("users, messages"), std::string::npos);
  EXPECT_EQ(text(*db_, "SELECT name FROM users"), "Name 1") << "nothing was changed";
}

TEST_F(AdoptSeed, RefusesTablesOfAnotherProgram) {
  db_->exec("ALTER TABLE users RENAME COLUMN password_hash TO secret");
  refused();
  db_->exec("ALTER TABLE users RENAME COLUMN secret TO password_hash");
  db_->exec("CREATE TABLE sessions (id BIGINT)");
  EXPECT_ERROR(conflict, adopt());
}

TEST_F(AdoptSeed, ChangesNothingWhenItFailsHalfway) {
  add_user(1, "ada@example.com");
  db_->exec("ALTER TABLE messages DROP CONSTRAINT messages_recipient_id_fkey");
  db_->exec("INSERT INTO messages (sender_id, recipient_id, content) VALUES (1, 99, 'to nobody')");
  refused();
  EXPECT_EQ(text(*db_, "SELECT name FROM users"), "Name 1");
  EXPECT_EQ(text(*db_, "SELECT content FROM messages"), "to nobody");
}

}  // namespace
}  // namespace backend::testing
