#include <backend/documents.h>

#include <backend/error.h>
#include <backend/ports.h>
#include <backend/settings.h>

#include "services/checks.h"
#include "services/file_label.h"
#include "services/incoming_file.h"
#include "services/text_search.h"
#include "store/documents.h"
#include "support/text.h"

#include <limits>

namespace backend {
namespace {

constexpr std::size_t preview_length = 500;
constexpr std::size_t max_term_length = 1000;

[[noreturn]] void refuse_absent() { throw Error(ErrorCode::not_found, "Document not found"); }

std::vector<std::byte> contents(const BlobReader& reader) {
  std::vector<std::byte> bytes(reader.size());
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got = reader.read(done, std::span(bytes).subspan(done));
    if (got == 0) throw Error(ErrorCode::internal, "A stored file ends too early");
    done += got;
  }
  return bytes;
}

PdfReport read_pdf(PdfReader& reader, std::span<const std::byte> pdf, const PdfRequest& request) {
  services::check_magic({reinterpret_cast<const char*>(pdf.data()), std::min(pdf.size(), services::magic_window)});
  return reader.read(pdf, request);
}

std::string joined_text(const PdfReport& report) {
  std::string text;
  for (const auto& page : report.pages) (text += page.text) += "\n\n";
  return support::storable_text(std::move(text));
}

std::string preview_of(std::string_view text) {
  const auto head = support::first_code_points(text, preview_length);
  return std::string(head) + (head.size() < text.size() ? "..." : "");
}

std::size_t count_tables(const PdfReport& report) {
  std::size_t count = 0;
  for (const auto& page : report.pages) count += page.tables.size();
  return count;
}

PdfRequest whole_text() {
  PdfRequest request;
  request.text = true;
  return request;
}

/// A committed blob that goes unless its row is written.
class Unclaimed {
 public:
  Unclaimed(Blobs& blobs, std::string key) : blobs_(blobs), key_(std::move(key)) {}
  ~Unclaimed() {
    if (!key_.empty()) try {
        blobs_.remove(key_);
      } catch (...) {  // an orphan, to be collected; the failure under way matters more
      }
  }
  Unclaimed(const Unclaimed&) = delete;
  Unclaimed& operator=(const Unclaimed&) = delete;
  const std::string& key() const noexcept { return key_; }
  void claim() noexcept { key_.clear(); }

 private:
  Blobs& blobs_;
  std::string key_;
};

}  // namespace

const char* to_string(DocumentStatus status) noexcept {
  switch (status) {
    case DocumentStatus::processing: return "processing";
    case DocumentStatus::ready: return "ready";
    case DocumentStatus::failed: return "failed";
  }
  return "failed";
}

struct Documents::Impl {
  Database& database;
  Blobs& blobs;
  PdfReader& reader;
  const Clock& clock;
  const Settings& settings;

  PdfReport analyse(std::span<const std::byte> pdf) const {
    auto request = whole_text();
    request.tables = true;
    return read_pdf(reader, pdf, request);
  }

  // Commits the row; when that fails, `blob` goes.
  UploadedDocument write_row(UserId owner, const IncomingFile& file, Unclaimed& blob, const std::string& sha256,
                             const PdfReport& report) {
    const auto text = joined_text(report), search_text = fold(file.filename() + "\n" + text);
    store::DocumentRow row{owner, file.filename(), blob.key(), sha256, text, search_text, 0, 0, file.size(), clock.now()};
    const auto tables = count_tables(report);
    row.page_count = static_cast<std::int64_t>(report.page_count);
    row.table_count = static_cast<std::int64_t>(tables);
    const auto id = store::insert_document(database, row);
    blob.claim();
    return {{id, file.filename(), row.page_count, row.file_size, DocumentStatus::ready, {}, sha256, row.created_at},
            preview_of(text),
            tables};
  }

  store::StoredFile stored(UserId owner, DocumentId id) const {
    auto file = store::document_file(database, owner, id);
    if (!file) refuse_absent();
    return std::move(*file);
  }

  std::unique_ptr<BlobReader> open(const store::StoredFile& file) const {
    if (!file.blob_key) refuse_absent();
    return blobs.open(*file.blob_key);
  }

  PdfReport read_stored(UserId owner, DocumentId id, const PdfRequest& request) const {
    return reader.read(contents(*open(stored(owner, id))), request);
  }

  std::vector<SearchHit> hits_in(const PdfReport& report, std::string_view term, bool match_case) const {
    std::vector<SearchHit> hits;
    for (const auto& page : report.pages) {
      const auto most = static_cast<std::size_t>(settings.search_max_matches) - hits.size();
      auto found = services::hits_of(page, term, match_case, most);
      std::move(found.begin(), found.end(), std::back_inserter(hits));
    }
    return hits;
  }
};

Documents::Documents(Database& database, Blobs& blobs, PdfReader& reader, const Clock& clock, const Settings& settings)
    : impl_(new Impl{database, blobs, reader, clock, settings}) {}
Documents::~Documents() = default;

std::string Documents::label(std::string_view filename, NamePolicy policy) { return services::file_label(filename, policy); }

IncomingFile Documents::receive(std::string_view filename, NamePolicy policy) {
  auto name = label(filename, policy);
  return {std::move(name), impl_->blobs.create(), impl_->settings.upload_max_bytes};
}

UploadedDocument Documents::upload(UserId owner, IncomingFile file) {
  services::check_magic(file.digest_->head);
  auto staged = file.writer_->reader();
  Unclaimed early(impl_->blobs, staged ? std::string() : file.writer_->commit());
  if (!staged) staged = impl_->blobs.open(early.key());
  const auto report = impl_->analyse(contents(*staged));
  staged.reset();
  const auto sha256 = file.digest_->sha256.finish_hex();
  if (!early.key().empty()) return impl_->write_row(owner, file, early, sha256, report);
  Unclaimed blob(impl_->blobs, file.writer_->commit());
  return impl_->write_row(owner, file, blob, sha256, report);
}

UploadedDocument Documents::upload(UserId owner, std::string_view filename, std::span<const std::byte> bytes,
                                   NamePolicy policy) {
  auto file = receive(filename, policy);
  file.write(bytes);
  const auto report = impl_->analyse(bytes);
  const auto sha256 = file.digest_->sha256.finish_hex();
  Unclaimed blob(impl_->blobs, file.writer_->commit());
  return impl_->write_row(owner, file, blob, sha256, report);
}

std::vector<Document> Documents::all(UserId owner) const { return store::all_documents(impl_->database, owner); }

DocumentPage Documents::list(UserId owner, const DocumentQuery& query) const {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  services::check_range(query.limit, 1, 100, "limit");
  if (query.before) services::check_range(*query.before, 1, largest, "before");
  services::check_text(query.q, 0, max_term_length, "q");
  DocumentPage page;
  page.documents =
      store::documents_before(impl_->database, owner, query.before.value_or(largest), fold(query.q), query.limit + 1);
  if (page.documents.size() > static_cast<std::size_t>(query.limit)) {
    page.documents.pop_back();
    page.next = page.documents.back().id;
  }
  return page;
}

Document Documents::get(UserId owner, DocumentId id) const {
  auto document = store::find_document(impl_->database, owner, id);
  if (!document) refuse_absent();
  return std::move(*document);
}

std::string Documents::text(UserId owner, DocumentId id) const {
  auto text = store::document_text(impl_->database, owner, id);
  if (!text) refuse_absent();
  return std::move(*text);
}

PdfPageReport Documents::page(UserId owner, DocumentId id, int number) const {
  const auto file = impl_->stored(owner, id);
  if (number < 1 || number > file.page_count) services::refuse("Invalid page number", "page");
  auto request = whole_text();
  request.tables = true;
  request.pages = {number};
  auto report = impl_->reader.read(contents(*impl_->open(file)), request);
  if (report.pages.empty()) services::refuse("Invalid page number", "page");
  return std::move(report.pages.front());
}

std::vector<PdfPageReport> Documents::tables(UserId owner, DocumentId id) const {
  PdfRequest request;
  request.tables = true;
  return impl_->read_stored(owner, id, request).pages;
}

std::vector<SearchHit> Documents::search(UserId owner, DocumentId id, std::string_view term, bool match_case) const {
  services::check_text(term, 1, max_term_length, "q");
  auto request = whole_text();
  request.words = true;
  return impl_->hits_in(impl_->read_stored(owner, id, request), term, match_case);
}

std::unique_ptr<BlobReader> Documents::open(UserId owner, DocumentId id) const {
  return impl_->open(impl_->stored(owner, id));
}

void Documents::remove(UserId owner, DocumentId id) {
  const auto file = store::delete_document(impl_->database, owner, id);
  if (!file) refuse_absent();
  if (file->blob_key) impl_->blobs.remove(*file->blob_key);
}

PdfReport Documents::read(std::span<const std::byte> pdf, const PdfRequest& request) const {
  return read_pdf(impl_->reader, pdf, request);
}

std::vector<PageMatches> Documents::search(std::span<const std::byte> pdf, std::string_view term) const {
  if (term.empty()) services::refuse("Search term is required", "search_term");
  services::check_length(term, 1, max_term_length, "search_term");
  std::vector<PageMatches> found;
  auto most = static_cast<std::size_t>(impl_->settings.search_max_matches);
  for (const auto& page : read(pdf, whole_text()).pages) {
    auto matches = services::matches_of(page.number, page.text, term, most);
    most -= matches.context.size();
    if (matches.matches > 0) found.push_back(std::move(matches));
  }
  return found;
}

std::vector<SearchHit> Documents::hits(std::span<const std::byte> pdf, std::string_view term, bool match_case) const {
  services::check_text(term, 1, max_term_length, "q");
  auto request = whole_text();
  request.words = true;
  return impl_->hits_in(read(pdf, request), term, match_case);
}

}  // namespace backend
