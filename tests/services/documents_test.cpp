#include "host.h"

#include "support/digest.h"

#include <backend/ports.h>

namespace backend {
namespace {

using testing_host::bytes_of;
using testing_host::error_of;
using testing_host::fake_pdf;
using testing_host::field_of;

BACKEND_ON_EACH_ENGINE(DocumentsService);

constexpr const char* absent = "not_found: Document not found";

std::string content_of(const BlobReader& reader) {
  std::string out(reader.size(), '\0');
  out.resize(reader.read(0, std::as_writable_bytes(std::span(out))));
  return out;
}

TEST_P(DocumentsService, KeepsFileTextAndCounts) {
  const auto a = make_user("a");
  const auto pdf = fake_pdf("One [table]\fTwo");
  const auto made = backend_->documents().upload(a.id, "report.PDF", bytes_of(pdf));
  EXPECT_EQ(made.document.filename, "report.PDF");
  EXPECT_EQ(made.document.page_count, 2);
  EXPECT_EQ(made.document.file_size, static_cast<std::int64_t>(pdf.size()));
  EXPECT_EQ(made.document.sha256, support::sha256_hex(pdf));
  EXPECT_EQ(made.text_preview, "One [table]\n\nTwo\n\n");
  EXPECT_EQ(made.tables_found, 1U);
  auto& documents = backend_->documents();
  EXPECT_EQ(documents.text(a.id, made.document.id), "One [table]\n\nTwo\n\n");
  EXPECT_EQ(content_of(*documents.open(a.id, made.document.id)), pdf);
  const auto stored = documents.get(a.id, made.document.id);
  EXPECT_EQ(stored.filename, "report.PDF");
  EXPECT_EQ(stored.sha256, made.document.sha256);
  EXPECT_EQ(stored.status, DocumentStatus::ready);
  EXPECT_EQ(stored.created_at, clock_->now());
}

TEST_P(DocumentsService, ReceivesInPieces) {
  const auto a = make_user("a");
  const auto pdf = fake_pdf(std::string(3000, 'x'));
  auto file = backend_->documents().receive("a.pdf");
  for (std::size_t at = 0; at < pdf.size(); at += 7) file.write(bytes_of(pdf).subspan(at, std::min<std::size_t>(7, pdf.size() - at)));
  EXPECT_EQ(file.size(), static_cast<std::int64_t>(pdf.size()));
  const auto made = backend_->documents().upload(a.id, std::move(file));
  EXPECT_EQ(made.document.sha256, support::sha256_hex(pdf));
  EXPECT_EQ(content_of(*backend_->documents().open(a.id, made.document.id)), pdf);
}

TEST_P(DocumentsService, PreviewsFiveHundredCodePoints) {
  const auto a = make_user("a");
  std::string text;
  for (int i = 0; i < 498; ++i) text += "\u00e9";
  EXPECT_EQ(upload(a.id, "a.pdf", text).text_preview, text + "\n\n");
  EXPECT_EQ(upload(a.id, "a.pdf", text + "x").text_preview, text + "x\n...");
}

TEST_P(DocumentsService, LeavesNothingOfAFileThatIsRefused) {
  const auto a = make_user("a");
  auto& documents = backend_->documents();
  EXPECT_EQ(error_of([&] { upload(a.id, "a.pdf", "broken"); }), "malformed: broken");
  EXPECT_EQ(error_of([&] { documents.upload(a.id, "a.pdf", bytes_of("no pdf")); }), "malformed: Not a PDF file");
  EXPECT_EQ(error_of([&] { documents.upload(a.id, "a.pdf", {}); }), "malformed: Not a PDF file");
  EXPECT_NE(error_of([&] { upload(999, "a.pdf", "owner is nobody"); }), "");
  {
    auto file = documents.receive("a.pdf");
    file.write(bytes_of(fake_pdf("broken")));
    EXPECT_EQ(error_of([&] { documents.upload(a.id, std::move(file)); }), "malformed: broken");
    auto dropped = documents.receive("a.pdf");
    dropped.write(bytes_of(fake_pdf("fine")));
  }
  EXPECT_TRUE(documents.all(a.id).empty());
  EXPECT_EQ(folder_.count_files("data/files"), 0);
}

TEST_P(DocumentsService, FindsTheMagicInTheFirst1024Bytes) {
  const auto a = make_user("a");
  const auto with_junk = [&](std::size_t size) { return error_of([&] { backend_->documents().upload(a.id, "a.pdf", bytes_of(std::string(size, ' ') + "%PDF-1.7")); }); };
  EXPECT_EQ(with_junk(1024 - 5), "malformed: broken");  // reached the reader, which knows its own kind only
  EXPECT_EQ(with_junk(1024 - 4), "malformed: Not a PDF file");
}

TEST_P(DocumentsService, LimitsTheSize) {
  auto small = settings();
  small.upload_max_bytes = 100;
  const auto backend = open(small);
  auto file = backend->documents().receive("a.pdf");
  file.write(bytes_of(std::string(100, 'x')));
  EXPECT_EQ(error_of([&] { file.write(bytes_of("x")); }), "too_large: File is over UPLOAD_MAX_BYTES");
}

TEST_P(DocumentsService, MakesALabelOfAFileName) {
  const auto label = [](std::string_view name, NamePolicy policy = NamePolicy::refuse_long) { return Documents::label(name, policy); };
  EXPECT_EQ(label("../../etc/x.pdf"), "x.pdf");
  EXPECT_EQ(label("C:\\Users\\me\\x.pdf"), "x.pdf");
  EXPECT_EQ(label("a\r\nb\x7f\u0085\u202e.pdf"), "ab.pdf");
  EXPECT_EQ(label("\u00fcber \U0001f600.Pdf"), "\u00fcber \U0001f600.Pdf");
  std::string longest;
  for (int i = 0; i < 251; ++i) longest += "\u00e9";
  EXPECT_EQ(label(longest + ".pdf"), longest + ".pdf");
  EXPECT_EQ(error_of([&] { label(longest + "x.pdf"); }), "invalid: File name should have at most 255 characters");
  EXPECT_EQ(label(longest + "xyz.pdf", NamePolicy::cut_long), longest + ".pdf");
  for (const char* name : {"x.txt", "x.pdf.exe", "pdf", "x.pdf/y", "x.pdf "})
    EXPECT_EQ(error_of([&] { label(name); }), "invalid: Only PDF files are allowed") << name;
  for (const char* name : {"", "\n", "a/", "\xff.pdf"}) EXPECT_EQ(field_of([&] { label(name); }), "file") << name;
}

TEST_P(DocumentsService, ListsNewestFirst) {
  const auto a = make_user("a"), b = make_user("b");
  for (const char* name : {"1.pdf", "2.pdf", "3.pdf"}) upload(a.id, name, "x");
  upload(b.id, "b.pdf", "x");
  const auto& documents = backend_->documents();
  const auto all = documents.all(a.id);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].filename, "3.pdf");
  auto page = documents.list(a.id, {"", {}, 2});
  ASSERT_EQ(page.documents.size(), 2U);
  EXPECT_EQ(page.documents[1].filename, "2.pdf");
  page = documents.list(a.id, {"", page.next, 2});
  ASSERT_EQ(page.documents.size(), 1U);
  EXPECT_EQ(page.documents[0].filename, "1.pdf");
  EXPECT_FALSE(page.next);
  EXPECT_EQ(field_of([&] { documents.list(a.id, {"", {}, 101}); }), "limit");
  EXPECT_EQ(field_of([&] { documents.list(a.id, {"", 0, 1}); }), "before");
}

TEST_P(DocumentsService, SearchesNamesAndTextsWithoutRegardToCase) {
  const auto a = make_user("a");
  upload(a.id, "Stra\u00dfe.pdf", "100% of a_b\\c");
  upload(a.id, "other.pdf", "100 pr of axb");
  const auto found = [&](std::string_view q) { return backend_->documents().list(a.id, {std::string(q), {}, 20}).documents.size(); };
  EXPECT_EQ(found("STRASSE"), 1U);
  EXPECT_EQ(found("OF A"), 2U);
  EXPECT_EQ(found("100%"), 1U);
  EXPECT_EQ(found("a_b"), 1U);
  EXPECT_EQ(found("b\\c"), 1U);
  EXPECT_EQ(found("%"), 1U);
  EXPECT_EQ(found("nowhere"), 0U);
  EXPECT_EQ(field_of([&] { found(std::string("a\0", 2)); }), "q");
}

TEST_P(DocumentsService, DropsNulFromText) {
  const auto a = make_user("a");
  const auto made = upload(a.id, "a.pdf", std::string("a\0b", 3));
  EXPECT_EQ(backend_->documents().text(a.id, made.document.id), "ab\n\n");
}

TEST_P(DocumentsService, ReadsPagesAndTables) {
  const auto a = make_user("a");
  const auto id = upload(a.id, "a.pdf", "One\fTwo [table]").document.id;
  const auto& documents = backend_->documents();
  const auto page = documents.page(a.id, id, 2);
  EXPECT_EQ(page.number, 2);
  EXPECT_EQ(page.text, "Two [table]");
  EXPECT_EQ(page.tables.size(), 1U);
  for (const int number : {0, -1, 3, INT32_MAX}) EXPECT_EQ(error_of([&] { documents.page(a.id, id, number); }), "invalid: Invalid page number");
  EXPECT_EQ(documents.tables(a.id, id).size(), 2U);
}

TEST_P(DocumentsService, SearchesOneDocument) {
  const auto a = make_user("a");
  const auto id = upload(a.id, "a.pdf", "one two\fTWO three").document.id;
  const auto& documents = backend_->documents();
  const auto hits = documents.search(a.id, id, "two");
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[1].page, 2);
  EXPECT_EQ(hits[1].match, "TWO");
  EXPECT_DOUBLE_EQ(hits[0].x0, 10);
  EXPECT_EQ(documents.search(a.id, id, "two", true).size(), 1U);
  EXPECT_EQ(field_of([&] { documents.search(a.id, id, ""); }), "q");
  const auto pages = documents.search(bytes_of(fake_pdf("aaa\fb\fAA")), "aa");
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(pages[0].matches, 1U);
  EXPECT_EQ(pages[0].context.size(), 2U);
  EXPECT_EQ(pages[1].page, 3);
  EXPECT_EQ(error_of([&] { documents.search(bytes_of(fake_pdf("a")), ""); }), "invalid: Search term is required");
}

TEST_P(DocumentsService, HidesThemFromOthers) {
  const auto a = make_user("a"), b = make_user("b");
  const auto id = upload(a.id, "a.pdf", "x").document.id;
  auto& documents = backend_->documents();
  for (const auto& [owner, document] : {std::pair{b.id, id}, std::pair{a.id, id + 1}}) {
    const auto o = owner;
    const auto d = document;
    EXPECT_EQ(error_of([&] { documents.get(o, d); }), absent);
    EXPECT_EQ(error_of([&] { documents.text(o, d); }), absent);
    EXPECT_EQ(error_of([&] { documents.page(o, d, 1); }), absent);
    EXPECT_EQ(error_of([&] { documents.page(o, d, 99); }), absent);
    EXPECT_EQ(error_of([&] { documents.tables(o, d); }), absent);
    EXPECT_EQ(error_of([&] { documents.search(o, d, "x"); }), absent);
    EXPECT_EQ(error_of([&] { documents.open(o, d); }), absent);
    EXPECT_EQ(error_of([&] { documents.remove(o, d); }), absent);
  }
  EXPECT_EQ(documents.get(a.id, id).id, id);
}

TEST_P(DocumentsService, RemovesRowAndFile) {
  const auto a = make_user("a");
  const auto id = upload(a.id, "a.pdf", "x").document.id;
  EXPECT_EQ(folder_.count_files("data/files"), 1);
  backend_->documents().remove(a.id, id);
  EXPECT_EQ(folder_.count_files("data/files"), 0);
  EXPECT_EQ(error_of([&] { backend_->documents().get(a.id, id); }), absent);
}

TEST_P(DocumentsService, KnowsAdoptedOnesWithoutAFile) {
  const auto a = make_user("a");
  const auto id = upload(a.id, "a.pdf", "x").document.id;
  backend_->database().exec("UPDATE documents SET blob_key = NULL, sha256 = NULL");
  auto& documents = backend_->documents();
  EXPECT_EQ(documents.text(a.id, id), "x\n\n");
  EXPECT_EQ(documents.get(a.id, id).sha256, "");
  EXPECT_EQ(error_of([&] { documents.open(a.id, id); }), absent);
  EXPECT_EQ(error_of([&] { documents.page(a.id, id, 1); }), absent);
  documents.remove(a.id, id);
}

}  // namespace
}  // namespace backend
