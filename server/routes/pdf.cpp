#include <backend/documents.h>

#include "http/schema.h"
#include "http/uploads.h"
#include "routes/render.h"
#include "routes/routes.h"
#include "routes/table_csv.h"

namespace backend::server {
namespace {

HttpResponse info(Context&);
HttpResponse text_of(Context&);
HttpResponse tables_in(Context&);
HttpResponse search(Context&);
HttpResponse words(Context&);

struct TermQuery {
  std::string q;
  bool match_case = false;
};
const Schema<TermQuery> term_query_schema{"TermQuery", {
    field("q", &TermQuery::q, text().min(1).max(1000)),
    field("case", &TermQuery::match_case, boolean(), "false"),
}};

constexpr Inputs one_file{.files = Files::one};

constexpr Route pdf_routes[] = {
    {Post, "/pdf/info", Access::user, info, "What a PDF file says of itself", 200, one_file, "PdfInfo"},
    {Post, "/pdf/text", Access::user, text_of, "The text of a PDF file", 200, one_file, "PdfText"},
    {Post, "/pdf/tables", Access::user, tables_in, "The tables of a PDF file", 200, one_file, "TableList"},
    {Post, "/pdf/search", Access::user, search, "Matches in a PDF file", 200, {.query = &term_query_schema, .files = Files::one}, "HitList"},
    {Post, "/pdf/words", Access::user, words, "The words of a PDF file", 200, one_file, "WordList"},
};
constexpr RouteTable tables[] = {{Face::v1, "pdf", pdf_routes}};

std::span<const std::byte> bytes_of(const MemoryFile& file) { return std::as_bytes(std::span(file.bytes)); }

HttpResponse info(Context& c) {
  const MemoryFile file = read_file(c);
  const PdfReport report = c.backend.documents().read(bytes_of(file), all_pages({.text = true, .tables = true}));
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("filename", file.filename);
      json.member("page_count", report.page_count);
      json.key("metadata");
      render_metadata(json, report);
      json.member("file_size", file.bytes.size());
      json.member("has_text", report.has_text);
      json.member("has_tables", report.has_tables);
    });
  });
}

HttpResponse text_of(Context& c) {
  const MemoryFile file = read_file(c);
  const PdfReport report = c.backend.documents().read(bytes_of(file), all_pages({.text = true}));
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("filename", file.filename);
      json.member("page_count", report.page_count);
      json.member("text", joined_text(report));
      json.key("pages").array_of(report.pages, [&](const PdfPageReport& page) {
        json.object([&] {
          json.member("page_number", page.number);
          json.member("text", page.text);
          json.member("char_count", page.char_count);
        });
      });
    });
  });
}

HttpResponse tables_in(Context& c) {
  const MemoryFile file = read_file(c);
  const PdfReport report = c.backend.documents().read(bytes_of(file), all_pages({.tables = true}));
  return c.json([&](JsonWriter& json) { render_tables(json, tables_of(report.pages)); });
}

HttpResponse search(Context& c) {
  const MemoryFile file = read_file(c);
  const auto& in = c.query<TermQuery>();
  const auto hits = c.backend.documents().hits(bytes_of(file), in.q, in.match_case);
  return c.json([&](JsonWriter& json) { render_list(json, "hits", hits, nullptr); });
}

HttpResponse words(Context& c) {
  const MemoryFile file = read_file(c);
  const PdfReport report = c.backend.documents().read(bytes_of(file), all_pages({.words = true}));
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.key("words").array([&] {
        for (const PdfPageReport& page : report.pages)
          for (const PdfWord& word : page.words)
            json.object([&] {
              json.member("page", page.number);
              json.member("text", word.text);
              json.member("x0", word.x0);
              json.member("top", word.top);
              json.member("x1", word.x1);
              json.member("bottom", word.bottom);
            });
      });
      json.member("next", nullptr);
    });
  });
}

}  // namespace

std::span<const RouteTable> pdf_tables() { return tables; }

}  // namespace backend::server
