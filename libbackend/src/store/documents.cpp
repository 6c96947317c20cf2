#include "store/documents.h"

#include <backend/ports.h>

namespace backend::store {
namespace {

const std::string columns = "id, filename, page_count, file_size, status, error, sha256, created_at";

DocumentStatus status_of(const std::string& text) {
  if (text == "ready") return DocumentStatus::ready;
  return text == "processing" ? DocumentStatus::processing : DocumentStatus::failed;
}

Document document_of(const Rows::Row& row) {
  return {row.integer(0),         row.text(1),          row.integer(2), row.integer(3), status_of(row.text(4)), row.optional_text(5),
          row.optional_text(6).value_or(""), row.time(7)};
}

std::vector<Document> documents_of(const Rows& rows) {
  std::vector<Document> documents;
  documents.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) documents.push_back(document_of(rows[i]));
  return documents;
}

std::optional<StoredFile> file_of(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return StoredFile{rows[0].optional_text(0), rows[0].integer(1)};
}

// A LIKE pattern that finds `text` anywhere, literally.
std::string containing(std::string_view text) {
  std::string pattern = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace

DocumentId insert_document(Database& db, const DocumentRow& row) {
  return db
      .query(
          "INSERT INTO documents (user_id, filename, blob_key, sha256, status, text, search_text, page_count, table_count, "
          "file_size, created_at) VALUES ($1, $2, $3, $4, 'ready', $5, $6, $7, $8, $9, $10) RETURNING id",
          {row.owner, row.filename, row.blob_key, row.sha256, row.text, row.search_text, row.page_count, row.table_count,
           row.file_size, row.created_at})[0]
      .integer(0);
}

std::vector<Document> all_documents(Database& db, UserId owner) {
  static const auto sql = "SELECT " + columns + " FROM documents WHERE user_id = $1 ORDER BY id DESC";
  return documents_of(db.query(sql, {owner}));
}

std::vector<Document> documents_before(Database& db, UserId owner, DocumentId before, std::string_view folded, int limit) {
  static const auto all = "SELECT " + columns + " FROM documents WHERE user_id = $1 AND id < $2 ";
  if (folded.empty()) return documents_of(db.query(all + "ORDER BY id DESC LIMIT $3", {owner, before, limit}));
  const auto pattern = containing(folded);
  return documents_of(db.query(all + "AND search_text LIKE $4 ESCAPE '\\' ORDER BY id DESC LIMIT $3", {owner, before, limit, pattern}));
}

std::optional<Document> find_document(Database& db, UserId owner, DocumentId id) {
  static const auto sql = "SELECT " + columns + " FROM documents WHERE id = $2 AND user_id = $1";
  const auto rows = db.query(sql, {owner, id});
  if (rows.empty()) return std::nullopt;
  return document_of(rows[0]);
}

std::optional<std::string> document_text(Database& db, UserId owner, DocumentId id) {
  const auto rows = db.query("SELECT text FROM documents WHERE id = $2 AND user_id = $1", {owner, id});
  if (rows.empty()) return std::nullopt;
  return rows[0].text(0);
}

std::optional<StoredFile> document_file(Database& db, UserId owner, DocumentId id) {
  return file_of(db.query("SELECT blob_key, page_count FROM documents WHERE id = $2 AND user_id = $1", {owner, id}));
}

std::optional<StoredFile> delete_document(Database& db, UserId owner, DocumentId id) {
  return file_of(db.query("DELETE FROM documents WHERE id = $2 AND user_id = $1 RETURNING blob_key, page_count", {owner, id}));
}

}  // namespace backend::store
