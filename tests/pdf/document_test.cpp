#include <backend/pdf.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>
#include <thread>

#include "support/pdf_builder.h"

namespace backend::pdf {
namespace {

using test::PdfBuilder;
using test::texts_of;

Document open_bytes(const std::string& bytes, const OpenOptions& options = {}) {
  return Document::open(std::as_bytes(std::span(bytes)), options);
}

template <class Act>
ErrorCode code_of(Act act, const std::string& in_message = "") {
  try {
    act();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find(in_message), std::string::npos) << e.what();
    return e.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::internal;
}

PdfBuilder hello() {
  PdfBuilder pdf;
  pdf.standard_font();
  pdf.page("BT /F1 10 Tf 50 700 Td (Hello) Tj ET");
  return pdf;
}

std::string encrypted(const std::string& bytes, const char* user_password) {
  QPDF qpdf;
  qpdf.processMemoryFile("plain", bytes.data(), bytes.size());
  QPDFWriter writer(qpdf);
  writer.setOutputMemory();
  writer.setR6EncryptionParameters(user_password, "owner", true, true, true, true, true, true, qpdf_r3p_full,
                                   true);
  writer.write();
  const auto buffer = writer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

std::string deflated(const std::string& data) {
  uLongf size = compressBound(static_cast<uLong>(data.size()));
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
           static_cast<uLong>(data.size()));
  out.resize(size);
  return out;
}

TEST(PdfDocument, CountsAndReadsPages) {
  PdfBuilder pdf;
  pdf.page("");
  pdf.page("");
  Document document = pdf.open();
  EXPECT_EQ(document.page_count(), 2u);
  EXPECT_EQ(document.page(1).number(), 2);
}

TEST(PdfDocument, HasNoPageBeyondTheLast) {
  PdfBuilder pdf = hello();
  Document document = pdf.open();
  EXPECT_EQ(code_of([&] { document.page(1); }), ErrorCode::invalid);
}

TEST(PdfDocument, GivesPagesThatOutliveIt) {
  const Page page = hello().first_page();
  EXPECT_EQ(page.extract_text(), "Hello");
}

TEST(PdfDocument, RefusesWhatIsNoPdf) {
  for (const std::string bytes : {"", "Hello, this is text.", "%PDF-1.7\nnothing"}) {
    EXPECT_EQ(code_of([&] { open_bytes(bytes); }), ErrorCode::malformed) << bytes;
  }
  EXPECT_EQ(code_of([] { Document::open(std::filesystem::path("/no/such/file.pdf")); }),
            ErrorCode::not_found);
}

TEST(PdfDocument, RecoversATruncatedFile) {
  std::string bytes = hello().bytes();
  bytes.resize(bytes.find("startxref"));
  Document document = open_bytes(bytes);
  EXPECT_EQ(document.page(0).extract_text(), "Hello");
}

TEST(PdfDocument, ReadsTheRevisionBeforeOneThatIsCutOff) {
  const std::string bytes = hello().bytes() + "9 0 obj << /Type /XRef /Size 9";
  EXPECT_EQ(open_bytes(bytes).page(0).extract_text(), "Hello");
}

TEST(PdfDocument, RebuildsTheTableOfAFileWhoseEndIsLost) {
  std::string bytes = hello().bytes();
  bytes.resize(bytes.find("startxref"));
  EXPECT_EQ(open_bytes(bytes).page(0).extract_text(), "Hello");
}

TEST(PdfDocument, RefusesAFileThatNamesNoCatalog) {
  std::string bytes = hello().bytes();
  bytes.resize(bytes.find("xref"));
  EXPECT_EQ(code_of([&] { open_bytes(bytes); }), ErrorCode::malformed);
  EXPECT_EQ(code_of([] { open_bytes("%PDF-1.4\ntrailer << /Size 1 >>\nstartxref\n0\n%%EOF\n"); }), ErrorCode::malformed);
}

TEST(PdfDocument, AsksForAPassword) {
  const std::string bytes = encrypted(hello().bytes(), "sesame");
  EXPECT_EQ(code_of([&] { open_bytes(bytes); }), ErrorCode::password);
  EXPECT_EQ(code_of([&] { open_bytes(bytes, {.password = "wrong"}); }), ErrorCode::password);
  EXPECT_EQ(open_bytes(bytes, {.password = "sesame"}).page(0).extract_text(), "Hello");
}

TEST(PdfDocument, OpensWithoutAPasswordWhereNoneIsNeeded) {
  const std::string bytes = encrypted(hello().bytes(), "");
  EXPECT_EQ(open_bytes(bytes).page(0).extract_text(), "Hello");
}

TEST(PdfDocument, WalksCyclicPageTreesOnce) {
  PdfBuilder pdf = hello();
  pdf.replace(2, "<< /Type /Pages /Count 9 /Kids [5 0 R 2 0 R 5 0 R] >>");
  EXPECT_EQ(pdf.open().page_count(), 1u);
}

TEST(PdfDocument, ReadsABrokenPageAsEmpty) {
  PdfBuilder pdf;
  pdf.standard_font();
  pdf.page("BT /F1 10 Tf (a) Tj ET", "/MediaBox [0 0 10]");
  pdf.page("BT /F1 10 Tf (b) Tj ET");
  pdf.replace(4, "(this was the content)");
  Document document = pdf.open();
  EXPECT_EQ(document.page(0).extract_text(), "");
  EXPECT_DOUBLE_EQ(document.page(0).width(), 612);
  EXPECT_EQ(document.page(1).extract_text(), "b");
}

TEST(PdfDocument, IsReadByManyThreads) {
  const std::string bytes = hello().bytes();
  std::vector<std::thread> threads;
  std::vector<std::string> texts(8);
  for (std::string& text : texts)
    threads.emplace_back([&] { text = open_bytes(bytes).page(0).extract_text(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(texts, std::vector<std::string>(8, "Hello"));
}

using Metadata = std::vector<std::pair<std::string, std::string>>;

TEST(PdfMetadata, IsInTheOrderOfTheFile) {
  PdfBuilder pdf = hello();
  pdf.info(
      "<< /Title (T) /Author (A\\)) /Copies 3 /Scale 1.50 /Zero 0.0 /Trapped /False /Flag true /List [1 (x)] "
      ">>");
  EXPECT_EQ(pdf.open().metadata(), (Metadata{{"Title", "\"T\""},
                                             {"Author", "\"A)\""},
                                             {"Copies", "3"},
                                             {"Scale", "1.5"},
                                             {"Zero", "0.0"},
                                             {"Trapped", "\"False\""},
                                             {"Flag", "true"},
                                             {"List", "[1,\"x\"]"}}));
}

TEST(PdfMetadata, DecodesTextStrings) {
  PdfBuilder pdf = hello();
  pdf.info("<< /A (caf\\351 \\200) /B <FEFF65E5D83DDE00> /C (quote \" \\\\ \\n) >>");
  EXPECT_EQ(pdf.open().metadata(), (Metadata{{"A", "\"caf\u00E9 \u2022\""},
                                             {"B", "\"\u65E5\U0001F600\""},
                                             {"C", "\"quote \\\" \\\\ \\n\""}}));
}

TEST(PdfMetadata, IsEmptyWithoutADictionary) { EXPECT_TRUE(hello().open().metadata().empty()); }

TEST(PdfLimits, StopFlateBombs) {
  PdfBuilder pdf;
  pdf.page("");
  const std::string bomb = deflated(std::string(8 << 20, ' '));
  pdf.replace(3, "<< /Filter /FlateDecode /Length " + std::to_string(bomb.size()) + " >>\nstream\n" + bomb +
                     "\nendstream");
  OpenOptions options;
  options.limits.max_stream_bytes = 1 << 20;
  Document document = pdf.open(options);
  EXPECT_EQ(code_of([&] { document.page(0); }, "max_stream_bytes"), ErrorCode::limit);
}

TEST(PdfLimits, StopFormsThatMultiply) {
  PdfBuilder pdf;
  int next = pdf.stream("q Q", "/Subtype /Form /BBox [0 0 1 1]");
  for (int i = 0; i < 24; ++i) {
    next = pdf.stream("/X Do /X Do", "/Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X " +
                                         PdfBuilder::reference(next) + " >> >>");
  }
  pdf.xobject("X", next);
  pdf.page("/X Do");
  OpenOptions options;
  options.limits.max_page_time = std::chrono::milliseconds(200);
  EXPECT_EQ(code_of([&] { pdf.first_page(options); }, "max_page_time"), ErrorCode::limit);
}

TEST(PdfLimits, NameThemselves) {
  const auto code_with = [](auto change, std::string_view content, const char* name) {
    OpenOptions options;
    change(options.limits);
    PdfBuilder pdf;
    pdf.standard_font();
    pdf.page(content);
    pdf.page(content);
    return code_of([&] { pdf.first_page(options); }, name);
  };
  EXPECT_EQ(code_with([](Limits& l) { l.max_pages = 1; }, "", "max_pages"), ErrorCode::limit);
  EXPECT_EQ(code_with([](Limits& l) { l.max_objects_per_page = 2; }, "BT /F1 9 Tf (abc) Tj ET",
                      "max_objects_per_page"),
            ErrorCode::limit);
  EXPECT_EQ(code_with([](Limits& l) { l.max_operators = 9; }, "q q q q q q q q q q", "max_operators"),
            ErrorCode::limit);
  std::string many;
  for (int i = 0; i < 10000; ++i) many += "q Q ";
  EXPECT_EQ(
      code_with([](Limits& l) { l.max_page_time = std::chrono::milliseconds(-1); }, many, "max_page_time"),
      ErrorCode::limit);
}

TEST(PdfLimits, StopDeepForms) {
  PdfBuilder pdf;
  int next = pdf.stream("", "/Subtype /Form /BBox [0 0 1 1]");
  for (int i = 0; i < 40; ++i) {
    next = pdf.stream("/X Do", "/Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X " +
                                   PdfBuilder::reference(next) + " >> >>");
  }
  pdf.xobject("X", next);
  pdf.page("/X Do");
  EXPECT_EQ(code_of([&] { pdf.first_page(); }, "max_form_depth"), ErrorCode::limit);
}

TEST(PdfLimits, DoNotMindDeepNesting) {
  const std::string deep(100000, '[');
  EXPECT_EQ(test::page_of("BT /F1 9 Tf (a) Tj ET " + deep + std::string(100000, ']')).extract_text(), "a");
  std::string dicts;
  for (int i = 0; i < 50000; ++i) dicts += "<< /A ";
  EXPECT_EQ(test::page_of("BT /F1 9 Tf (a) Tj ET " + dicts).extract_text(), "a");
  EXPECT_EQ(test::page_of("BT /F1 9 Tf (a) Tj ET " + std::string(100000, 'q')).extract_text(), "a");
}

}  // namespace
}  // namespace backend::pdf
