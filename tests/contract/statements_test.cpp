// What one statement does, on every engine alike.
#include "support/test_databases.h"

#include <limits>

namespace backend::testing {
namespace {

BACKEND_ON_EACH_DATABASE(Statements);

TEST_P(Statements, BindsParametersByNumberWhateverTheirOrder) {
  const Rows rows =
      db_->query("SELECT $2 || '-' || $1 || '-' || $2, '$1 \"$2\"', $3 /* $9 */ -- $8\n + 1", {"a", "b", 4});
  EXPECT_EQ(rows[0].text(0), "b-a-b");
  EXPECT_EQ(rows[0].text(1), "$1 \"$2\"");
  EXPECT_EQ(rows[0].integer(2), 5);
}

TEST_P(Statements, KeepsEveryValueAsItIs) {
  db_->exec("CREATE TABLE kept (n BIGINT, small SMALLINT, x DOUBLE PRECISION, t TEXT)");
  const double awkward[] = {0.1,     -1e-300,
                            5e-324,  std::numeric_limits<double>::max(),
                            1.0 / 3, std::numeric_limits<double>::infinity()};
  for (const double x : awkward) db_->exec("INSERT INTO kept (x) VALUES ($1)", {x});
  const Rows reals = db_->query("SELECT x FROM kept");
  for (std::size_t i = 0; i < reals.size(); ++i) EXPECT_EQ(reals[i].real(0), awkward[i]);
  db_->exec("DELETE FROM kept");
  const std::string content = "é \xF0\x9F\x98\x80 ' \" \\ $1 ; -- \n";
  db_->exec("INSERT INTO kept VALUES ($1, $2, $3, $4), ($5, $6, NULL, $7)",
            {std::numeric_limits<std::int64_t>::min(), 1, 2.0, content,
             std::numeric_limits<std::int64_t>::max(), nullptr, ""});
  const Rows rows = db_->query("SELECT n, small, x, t FROM kept ORDER BY n");
  EXPECT_EQ(rows[0].integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(rows[0].boolean(1));
  EXPECT_EQ(rows[0].real(2), 2.0);
  EXPECT_EQ(rows[0].text(3), content);
  EXPECT_EQ(rows[1].integer(0), std::numeric_limits<std::int64_t>::max());
  EXPECT_TRUE(rows[1].is_null(1));
  EXPECT_TRUE(rows[1].is_null(2));
  EXPECT_EQ(rows[1].text(3), "") << "an empty text is not NULL";
}

TEST_P(Statements, TakesATextWithoutMemoryAsEmpty) {
  EXPECT_EQ(text(*db_, "SELECT $1", {std::string_view()}), "");
}

TEST_P(Statements, UnderstandsParametersWhereverTheyStand) {
  db_->exec("CREATE TABLE item (id BIGINT, name TEXT)");
  for (int i = 1; i <= 5; ++i) db_->exec("INSERT INTO item VALUES ($1, $2)", {i, "Name" + std::to_string(i)});
  const auto count = [&](std::string_view sql, std::initializer_list<Param> params) {
    return db_->query(sql, params).size();
  };
  EXPECT_EQ(count("SELECT id FROM item WHERE id IN ($1, $2) ORDER BY id LIMIT $3 OFFSET $4", {1, 2, 1, 1}),
            1u);
  EXPECT_EQ(count("SELECT id FROM item WHERE $1 IS NULL OR name = $1", {nullptr}), 5u);
  EXPECT_EQ(count("SELECT id FROM item WHERE $1 IS NULL OR name = $1", {"Name1"}), 1u);
  EXPECT_EQ(count("SELECT id FROM item WHERE $1 IS NULL OR id < $1", {3}), 2u);
  EXPECT_EQ(count("SELECT id FROM item WHERE $1 = 0 OR id = $1", {std::int64_t{1} << 40}), 0u);
  EXPECT_EQ(count("SELECT id FROM item WHERE LOWER(name) = LOWER($1)", {"NAME1"}), 1u);
  EXPECT_EQ(count("SELECT id FROM item WHERE name LIKE $1 || '%' ESCAPE '\\'", {"Name"}), 5u);
  EXPECT_EQ(count("SELECT CASE WHEN $1 = 1 THEN id ELSE $2 END FROM item", {1, 2}), 5u);
  EXPECT_EQ(integer(*db_, "SELECT COALESCE($1, $2)", {nullptr, 7}), 7);
  EXPECT_EQ(
      db_->exec(
          "INSERT INTO item (id, name) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM item WHERE id = $1)",
          {9, nullptr}),
      1);
}

TEST_P(Statements, TellsCaseApartInLike) {
  EXPECT_EQ(integer(*db_, "SELECT CASE WHEN 'ABC' LIKE 'abc' THEN 1 ELSE 0 END"), 0);
}

TEST_P(Statements, CountsAndSumsAsIntegers) {
  db_->exec("CREATE TABLE item (n BIGINT)");
  db_->exec("INSERT INTO item VALUES (1), (2), ($1)", {std::int64_t{1} << 40});
  EXPECT_EQ(integer(*db_, "SELECT COUNT(*) FROM item"), 3);
  EXPECT_EQ(integer(*db_, "SELECT SUM(n) FROM item"), (std::int64_t{1} << 40) + 3);
  EXPECT_EQ(integer(*db_, "SELECT MAX(n) FROM item WHERE n < 3"), 2);
  EXPECT_EQ(db_->query("SELECT AVG(n) FROM item WHERE n < 3")[0].real(0), 1.5);
  EXPECT_EQ(integer(*db_, "SELECT EXISTS (SELECT 1 FROM item)"), 1);
}

TEST_P(Statements, ReturnsRowsOfInsertReturning) {
  db_->exec("CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT)");
  const auto insert = [&] {
    return db_->query("INSERT INTO item VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id, name", {1, "a"});
  };
  EXPECT_EQ(insert()[0].text(1), "a");
  EXPECT_TRUE(insert().empty());
  EXPECT_EQ(integer(*db_, "WITH made AS (SELECT 2 AS id) SELECT id FROM made"), 2);
}

TEST_P(Statements, CountsTheRowsThatChanged) {
  EXPECT_EQ(db_->exec("CREATE TABLE item (n BIGINT)"), 0);
  EXPECT_EQ(db_->exec("INSERT INTO item VALUES (1), (2), (3)"), 3);
  EXPECT_EQ(db_->exec("UPDATE item SET n = n + 1 WHERE n > $1", {1}), 2);
  EXPECT_EQ(db_->exec("UPDATE item SET n = 0 WHERE n > $1", {100}), 0);
  EXPECT_EQ(db_->exec("CREATE INDEX item_n ON item (n)"), 0);
  EXPECT_EQ(db_->exec("SELECT n FROM item"), 0);
  EXPECT_EQ(db_->exec("DELETE FROM item"), 3);
}

TEST_P(Statements, KeepsOrRefusesAZeroByteInText) {
  const std::string with_zero("a\0b", 3);
  if (postgres()) {
    EXPECT_ERROR(invalid, db_->query("SELECT $1", {with_zero}));
  } else {
    db_->exec("CREATE TABLE kept (t TEXT)");
    db_->exec("INSERT INTO kept VALUES ($1)", {with_zero});
    EXPECT_EQ(text(*db_, "SELECT t FROM kept WHERE t = $1", {with_zero}), with_zero);
  }
}

TEST_P(Statements, KeepsOrRefusesTextThatIsNotUtf8) {
  if (postgres()) {
    EXPECT_ERROR(invalid, db_->query("SELECT $1", {"\xff\xfe"}));
  } else {
    EXPECT_EQ(text(*db_, "SELECT $1", {"\xff\xfe"}), "\xff\xfe");
  }
}

TEST_P(Statements, CarriesMegabytesOfText) {
  const std::string large(5 << 20, 'x');
  EXPECT_EQ(text(*db_, "SELECT $1", {large}).size(), large.size());
}

TEST_P(Statements, RefusesTheWrongNumberOfValues) {
  EXPECT_ERROR(internal, db_->query("SELECT $1", {1, 2}));
  EXPECT_ERROR(internal, db_->query("SELECT $1, $2", {1}));
  EXPECT_ERROR(internal, db_->query("SELECT 1", {1}));
  EXPECT_EQ(integer(*db_, "SELECT $1", {3}), 3) << "and goes on";
}

TEST_P(Statements, RefusesSeveralStatementsAtOnce) {
  db_->exec("CREATE TABLE item (n BIGINT)");
  EXPECT_ERROR(internal, db_->exec("INSERT INTO item VALUES (1); INSERT INTO item VALUES (2)"));
  EXPECT_EQ(integer(*db_, "SELECT COUNT(*) FROM item; "), 0);
}

TEST_P(Statements, RefusesTransactionsByStatement) {
  for (const char* sql : {"BEGIN", "COMMIT", "/* x */ rollback", "SAVEPOINT a", "START TRANSACTION"}) {
    EXPECT_ERROR(internal, db_->exec(sql)) << sql;
  }
}

TEST_P(Statements, RunsAScriptAsAWholeOrNotAtAll) {
  db_->exec_script("CREATE TABLE a (n BIGINT); INSERT INTO a VALUES (1);\n-- done\n");
  EXPECT_ERROR(internal, db_->exec_script("INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (1)"));
  EXPECT_EQ(integer(*db_, "SELECT COUNT(*) FROM a"), 1);
}

TEST_P(Statements, NamesTheColumnsOfAUniqueKey) {
  db_->exec("CREATE TABLE item (a TEXT UNIQUE, b BIGINT, c TEXT, UNIQUE (b, c))");
  db_->exec("INSERT INTO item VALUES ('secret (x)=(y)', 1, 'c')");
  const Error one = error_of([&] { db_->exec("INSERT INTO item VALUES ('secret (x)=(y)', 2, 'c')"); });
  EXPECT_EQ(one.code(), ErrorCode::conflict);
  EXPECT_EQ(one.field(), "a");
  EXPECT_EQ(std::string(one.what()).find("secret"), std::string::npos) << "the message quotes a stored value";
  EXPECT_EQ(error_of([&] { db_->exec("INSERT INTO item VALUES ('other', 1, 'c')"); }).field(), "b, c");
}

TEST_P(Statements, ReportsAReferenceToNothingAsConflict) {
  db_->exec_script("CREATE TABLE a (id BIGINT PRIMARY KEY); CREATE TABLE b (a_id BIGINT REFERENCES a (id))");
  const Error error = error_of([&] { db_->exec("INSERT INTO b VALUES (7)"); });
  EXPECT_EQ(error.code(), ErrorCode::conflict);
  EXPECT_EQ(error.field(), postgres() ? "a_id" : "") << "SQLite does not tell";
  db_->exec("INSERT INTO a VALUES (1)");
  db_->exec("INSERT INTO b VALUES (1)");
  EXPECT_ERROR(conflict, db_->exec("DELETE FROM a"));
}

TEST_P(Statements, ReportsABadStatementAsInternalAndGoesOn) {
  EXPECT_ERROR(internal, db_->query("SELEC 1"));
  EXPECT_ERROR(internal, db_->query("SELECT * FROM nowhere"));
  EXPECT_ERROR(internal, db_->query(""));
  EXPECT_EQ(integer(*db_, "SELECT 1"), 1);
}

TEST_P(Statements, KeepsValuesOutOfTheStatement) {
  db_->exec("CREATE TABLE item (name TEXT)");
  const std::string hostile = "'); DROP TABLE item; --";
  db_->exec("INSERT INTO item VALUES ($1)", {hostile});
  EXPECT_EQ(text(*db_, "SELECT name FROM item WHERE name = $1", {hostile}), hostile);
}

TEST_P(Statements, RunsMoreStatementsThanItKeeps) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 400; ++i) EXPECT_EQ(integer(*db_, "SELECT $1 + " + std::to_string(i), {1}), i + 1);
  }
}

TEST_P(Statements, NoticesThatATableChanged) {
  db_->exec("CREATE TABLE item (a BIGINT)");
  db_->exec("INSERT INTO item VALUES (1)");
  EXPECT_EQ(db_->query("SELECT * FROM item")[0].integer(0), 1);
  db_->exec("ALTER TABLE item ADD COLUMN b TEXT DEFAULT 'new'");
  EXPECT_EQ(db_->query("SELECT * FROM item")[0].text(1), "new");
  db_->transaction([&](Database& inner) { inner.exec("ALTER TABLE item ADD COLUMN c BIGINT DEFAULT 3"); });
  db_->transaction([&](Database& inner) { EXPECT_EQ(inner.query("SELECT * FROM item")[0].integer(2), 3); });
}

TEST(RowsTest, RefusesColumnsThatAreNotThereOrOfAnotherType) {
  const Rows rows(2, {std::int64_t{1}, nullptr});
  EXPECT_ERROR(internal, rows[0].integer(2));
  EXPECT_ERROR(internal, rows[0].text(0));
  EXPECT_ERROR(internal, rows[0].integer(1));
  EXPECT_EQ(rows[0].optional_integer(1), std::nullopt);
  EXPECT_EQ(rows[0].optional_text(1), std::nullopt);
  EXPECT_EQ(rows[0].optional_time(0), from_micros(1));
}

}  // namespace
}  // namespace backend::testing
