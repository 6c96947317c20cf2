#include "adapters/sql_text.h"

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

/// `word` is in lower case.
bool starts_with_word(std::string_view sql, std::string_view word) noexcept {
  if (sql.size() < word.size()) return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  if (!std::equal(word.begin(), word.end(), sql.begin(), [&](char w, char c) { return w == lower(c); })) return false;
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
  return SqlKind::other;
}

bool is_blank_sql(std::string_view sql) noexcept { return skip_blank(sql, " \t\r\n;").empty(); }

}  // namespace backend::adapters
