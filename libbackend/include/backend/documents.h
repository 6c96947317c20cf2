#pragma once
#include <backend/pdf_report.h>
#include <backend/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace backend {

class BlobReader;
class BlobWriter;
class Blobs;
class Clock;
class Database;
class PdfReader;
struct Settings;

enum class DocumentStatus { processing, ready, failed };
const char* to_string(DocumentStatus status) noexcept;

struct Document {
  DocumentId id = 0;
  std::string filename;
  std::int64_t page_count = 0;
  std::int64_t file_size = 0;  ///< bytes
  DocumentStatus status = DocumentStatus::ready;
  std::optional<std::string> error;  ///< why, when failed
  std::string sha256;                ///< of the file, hexadecimal
  Timestamp created_at{};
};

/// A stored document with what its reading found.
struct UploadedDocument {
  Document document;
  std::string text_preview;  ///< first 500 code points, then "..." when there are more
  std::size_t tables_found = 0;
};

struct DocumentPage {
  std::vector<Document> documents;
  std::optional<DocumentId> next;
};

struct DocumentQuery {
  std::string q;  ///< in file name or text, without regard to case; empty: all
  std::optional<DocumentId> before;
  int limit = 20;  ///< 1..100
};

/// One match of a search, as the FastAPI backend reports it. Positions and lengths are code points.
struct TextMatch {
  std::size_t position = 0;
  std::string context, before, match, after;
};

struct PageMatches {
  int page = 0;
  std::size_t matches = 0;  ///< that do not overlap
  std::vector<TextMatch> context;
};

/// One match with its place on the page (points, origin top left).
struct SearchHit {
  int page = 0;
  double x0 = 0, top = 0, x1 = 0, bottom = 0;
  std::string match, snippet;
  std::size_t position = 0;  ///< code points into the page's text
};

/// What to do with a file name of more than 255 code points.
enum class NamePolicy {
  refuse_long,  ///< Error invalid
  cut_long,     ///< keep 255 with the ending, as the compat face does
};

/// A file being received. Destroyed without being handed to upload(): nothing remains.
class IncomingFile {
 public:
  IncomingFile(std::string filename, std::unique_ptr<BlobWriter> writer, std::int64_t max_bytes);
  ~IncomingFile();
  IncomingFile(IncomingFile&&) noexcept;
  IncomingFile& operator=(IncomingFile&&) noexcept;

  /// Throws Error too_large ("UPLOAD_MAX_BYTES").
  void write(std::span<const std::byte> bytes);
  const std::string& filename() const noexcept { return filename_; }
  std::int64_t size() const noexcept { return size_; }

 private:
  friend class Documents;
  std::string filename_;
  std::unique_ptr<BlobWriter> writer_;
  std::int64_t max_bytes_ = 0, size_ = 0;
  struct Digest;  // of the bytes so far, with the first of them
  std::unique_ptr<Digest> digest_;
};

/// Uploaded PDF files with their text and tables. Thread-safe. Borrows its ports: each must outlive this object.
/// A document of somebody else is not_found "Document not found", on every call.
class Documents {
 public:
  Documents(Database& database, Blobs& blobs, PdfReader& reader, const Clock& clock, const Settings& settings);
  ~Documents();

  /// Begins to receive a file. The name is a label, never a path: path parts and control characters are removed.
  /// Throws Error invalid ("file") for a name that is empty, not UTF-8 or over 255 code points, or does not end in
  /// ".pdf" ("Only PDF files are allowed").
  IncomingFile receive(std::string_view filename, NamePolicy policy = NamePolicy::refuse_long);

  /// Analyses the file, makes it durable, then writes the row. After an Error nothing of it remains.
  /// Throws Error: malformed, password, limit, unavailable.
  UploadedDocument upload(UserId owner, IncomingFile file);
  /// The same for bytes in memory.
  UploadedDocument upload(UserId owner, std::string_view filename, std::span<const std::byte> bytes,
                          NamePolicy policy = NamePolicy::refuse_long);

  /// Newest first.
  std::vector<Document> all(UserId owner) const;
  /// Newest first, keyset paging. Throws Error invalid ("limit", "before").
  DocumentPage list(UserId owner, const DocumentQuery& query) const;
  Document get(UserId owner, DocumentId id) const;
  /// All pages' texts, each followed by "\n\n". Empty when the file has none.
  std::string text(UserId owner, DocumentId id) const;
  /// One page, from 1, with text and tables. Throws Error invalid "Invalid page number" ("page").
  PdfPageReport page(UserId owner, DocumentId id, int number) const;
  /// Every page's tables.
  std::vector<PdfPageReport> tables(UserId owner, DocumentId id) const;
  /// Matches of `term` (literal, without regard to case unless `match_case`), with boxes.
  /// Throws Error invalid ("q") when empty or over 1000 code points, limit beyond Settings::search_max_matches.
  std::vector<SearchHit> search(UserId owner, DocumentId id, std::string_view term, bool match_case = false) const;
  /// The file itself.
  std::unique_ptr<BlobReader> open(UserId owner, DocumentId id) const;
  /// Removes row and file. Throws Error not_found.
  void remove(UserId owner, DocumentId id);

  // -- without storing anything

  /// The name as it would be stored; throws as receive().
  static std::string label(std::string_view filename, NamePolicy policy = NamePolicy::refuse_long);
  /// What `request` asks of a file in memory. Throws Error malformed, password, limit, unavailable.
  PdfReport read(std::span<const std::byte> pdf, const PdfRequest& request) const;
  /// The FastAPI backend's search: overlapping matches in context, 100 code points either side. Positions are those of
  /// the lower-case text, as there, even where lower case is longer ("\u0130").
  /// Throws Error invalid "Search term is required" ("search_term"), and as the search above.
  std::vector<PageMatches> search(std::span<const std::byte> pdf, std::string_view term) const;
  std::vector<SearchHit> hits(std::span<const std::byte> pdf, std::string_view term, bool match_case = false) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace backend
