#pragma once
#include <backend/documents.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backend::store {

struct DocumentRow {
  UserId owner = 0;
  std::string_view filename, blob_key, sha256, text, search_text;
  std::int64_t page_count = 0, table_count = 0, file_size = 0;
  Timestamp created_at{};
};

struct StoredFile {
  std::optional<std::string> blob_key;  ///< none: an adopted document whose file was not found
  std::int64_t page_count = 0;
};

DocumentId insert_document(Database& db, const DocumentRow& row);
/// Newest first.
std::vector<Document> all_documents(Database& db, UserId owner);
/// Newest first, ids under `before`. `folded`: in file name or text; empty: all.
std::vector<Document> documents_before(Database& db, UserId owner, DocumentId before, std::string_view folded, int limit);
std::optional<Document> find_document(Database& db, UserId owner, DocumentId id);
std::optional<std::string> document_text(Database& db, UserId owner, DocumentId id);
std::optional<StoredFile> document_file(Database& db, UserId owner, DocumentId id);
/// What was deleted; nothing when there was none.
std::optional<StoredFile> delete_document(Database& db, UserId owner, DocumentId id);

}  // namespace backend::store
