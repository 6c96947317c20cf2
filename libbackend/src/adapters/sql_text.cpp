#include "adapters/sql_text.h"

#include <backend/error.h>

#include <algorithm>

namespace backend::adapters {
namespace {

std::string_view skip_blank(std::string_view sql, std::string_view blanks) noexcept {
  while (!sql.empty()) {
    std::size_t skipped;
    if (blanks.find(sql.front()) != std::string_view::npos) {
      skipped = 1;
    } else if (sql.starts_with("--")) {
      skipped = sql.find('\n');
    } else if (sql.starts_with("/*")) {
      skipped = sql.find("*/", 2);
      if (skipped != std::string_view::npos) skipped += 2;
    } else {
      break;
    }
    sql.remove_prefix(std::min(skipped, sql.size()));
  }
  return sql;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// `word` is in lower case.
bool starts_with_word(std::string_view sql, std::string_view word) noexcept {
  if (sql.size() < word.size()) return false;
  if (!std::equal(word.begin(), word.end(), sql.begin(), [&](char w, char c) { return w == lower(c); }))
    return false;
  if (sql.size() == word.size()) return true;
  const char next = lower(sql[word.size()]);
  return !(next >= 'a' && next <= 'z') && !(next >= '0' && next <= '9') && next != '_';
}

}  // namespace

SqlKind sql_kind(std::string_view sql) noexcept {
  sql = skip_blank(sql, " \t\r\n(");
  for (const std::string_view word : {"select", "values"}) {
    if (starts_with_word(sql, word)) return SqlKind::read;
  }
  if (starts_with_word(sql, "with")) return SqlKind::with;
  for (const std::string_view word : {"insert", "update", "delete", "replace"}) {
    if (starts_with_word(sql, word)) return SqlKind::change;
  }
  for (const std::string_view word :
       {"begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release"}) {
    if (starts_with_word(sql, word)) return SqlKind::transaction;
  }
  return SqlKind::other;
}

void refuse_transaction_statement(std::string_view sql) {
  if (sql_kind(sql) != SqlKind::transaction) return;
  throw Error(ErrorCode::internal,
              "transactions are opened by begin() and ended by commit(), not by a statement");
}

bool surely_reads(std::string_view sql) noexcept {
  const SqlKind kind = sql_kind(sql);
  if (kind != SqlKind::with) return kind == SqlKind::read;
  for (; !sql.empty(); sql.remove_prefix(1)) {
    for (const std::string_view word : {"insert", "update", "delete", "merge"}) {
      if (starts_with_word(sql, word)) return false;
    }
  }
  return true;
}

bool is_blank_sql(std::string_view sql) noexcept { return skip_blank(sql, " \t\r\n;").empty(); }

}  // namespace backend::adapters
