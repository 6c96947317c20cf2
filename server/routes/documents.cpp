#include <backend/documents.h>
#include <backend/ports.h>

#include <algorithm>
#include <climits>

#include "http/context.h"
#include "http/file_response.h"
#include "http/schema.h"
#include "routes/render.h"
#include "routes/routes.h"
#include "routes/table_csv.h"
#include "routes/upload_many.h"

namespace backend::server {
namespace {

HttpResponse list_documents(Context&);
HttpResponse get_document(Context&);
HttpResponse remove_document(Context&);
HttpResponse download(Context&);
HttpResponse document_text(Context&);
HttpResponse document_page(Context&);
HttpResponse document_tables(Context&);
HttpResponse search_document(Context&);

const Schema<DocumentQuery> document_query_schema{"DocumentQuery", {
    field("q", &DocumentQuery::q, text().max(1000), "\"\""),
    field("before", &DocumentQuery::before, identifier().min(1)),
    field("limit", &DocumentQuery::limit, integer().min(1).max(100), "20"),
}};

struct TextQuery {
  std::optional<std::int64_t> page;
};
const Schema<TextQuery> text_query_schema{"TextQuery", {field("page", &TextQuery::page, integer())}};

struct TablesQuery {
  std::string format = "json";
  std::optional<std::int64_t> index;
};
const Schema<TablesQuery> tables_query_schema{"TablesQuery", {
    field("format", &TablesQuery::format, choice({"json", "csv"}), "\"json\""),
    field("index", &TablesQuery::index, integer().min(0)),
}};

struct SearchQuery {
  std::string q;
  bool match_case = false;
};
const Schema<SearchQuery> search_query_schema{"SearchQuery", {
    field("q", &SearchQuery::q, text().min(1).max(1000)),
    field("case", &SearchQuery::match_case, boolean(), "false"),
}};

constexpr Route document_routes[] = {
    {Post, "/documents", Access::user, upload_documents, "Upload PDF files", Created, {.files = Files::many}, "Uploaded"},
    {Get, "/documents", Access::user, list_documents, "The caller's documents", 200, {.query = &document_query_schema}, "DocumentList"},
    {Get, "/documents/{id}", Access::user, get_document, "A document", 200, {}, "Document"},
    {Delete, "/documents/{id}", Access::user, remove_document, "Remove a document with its file", NoContent},
    {Get, "/documents/{id}/file", Access::user, download, "The file", 200, {}, "application/pdf"},
    {Get, "/documents/{id}/text", Access::user, document_text, "The text, of one page or of all", 200, {.query = &text_query_schema}, "DocumentText"},
    {Get, "/documents/{id}/pages/{page_number}", Access::user, document_page, "A page", 200, {}, "Page"},
    {Get, "/documents/{id}/tables", Access::user, document_tables, "The tables", 200, {.query = &tables_query_schema}, "TableList"},
    {Get, "/documents/{id}/search", Access::user, search_document, "Matches with their places", 200, {.query = &search_query_schema}, "HitList"},
};
constexpr RouteTable tables[] = {{Face::v1, "documents", document_routes}};

constexpr std::nullptr_t no_next = nullptr;

HttpResponse list_documents(Context& c) {
  const DocumentPage page = c.backend.documents().list(c.user(), c.query<DocumentQuery>());
  return c.json([&](JsonWriter& json) { render_list(json, "documents", page.documents, page.next); });
}

/// The tag of a file's content; a document that was adopted without its digest has a tag of its own.
std::string etag_of(const Document& document) {
  return document.sha256.empty() ? "\"document-" + std::to_string(document.id) + "\"" : "\"" + document.sha256 + "\"";
}

HttpResponse get_document(Context& c) {
  const Document document = c.backend.documents().get(c.user(), c.id("id"));
  // Of the description, not of the file.
  std::string etag = etag_of(document);
  etag.insert(etag.size() - 1, std::string("-") + to_string(document.status));
  HttpResponse response;
  if (etag_matches(c.request.headers.get("If-None-Match"), etag))
    response.status = 304;
  else
    response = c.json([&](JsonWriter& json) { render(json, document); });
  response.headers.set("ETag", etag);
  response.headers.set("Cache-Control", "private, no-cache");
  return response;
}

HttpResponse remove_document(Context& c) {
  c.backend.documents().remove(c.user(), c.id("id"));
  return c.empty();
}

HttpResponse download(Context& c) {
  const Document document = c.backend.documents().get(c.user(), c.id("id"));
  std::shared_ptr<const BlobReader> file = c.backend.documents().open(c.user(), document.id);
  return file_response(c.request, std::move(file), {document.filename, "application/pdf", etag_of(document)});
}

/// A page by a number that may be any integer: what is no page is 400 on this face, not a field fault.
PdfPageReport read_page(Context& c, std::int64_t number) {
  try {
    const int page = static_cast<int>(std::clamp<std::int64_t>(number, 0, INT_MAX));
    return c.backend.documents().page(c.user(), c.id("id"), page);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::invalid && error.field() == "page") throw HttpError(400, error.what());
    throw;
  }
}

HttpResponse document_text(Context& c) {
  const auto& in = c.query<TextQuery>();
  const std::string text = in.page ? read_page(c, *in.page).text : c.backend.documents().text(c.user(), c.id("id"));
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("document_id", c.id("id"));
      if (in.page) json.member("page", *in.page);
      json.member("text", text);
    });
  });
}

HttpResponse document_page(Context& c) {
  const PdfPageReport page = read_page(c, c.id("page_number"));
  return c.json([&](JsonWriter& json) { render(json, page); });
}

HttpResponse document_tables(Context& c) {
  const auto& in = c.query<TablesQuery>();
  const auto pages = c.backend.documents().tables(c.user(), c.id("id"));
  std::vector<FoundTable> found = tables_of(pages);
  if (in.index) {
    if (static_cast<std::size_t>(*in.index) >= found.size()) throw HttpError(404, "Table not found");
    found = {found[static_cast<std::size_t>(*in.index)]};
  }
  if (in.format == "csv") return csv_response(found);
  return c.json([&](JsonWriter& json) { render_tables(json, found); });
}

HttpResponse search_document(Context& c) {
  const auto& in = c.query<SearchQuery>();
  const auto hits = c.backend.documents().search(c.user(), c.id("id"), in.q, in.match_case);
  return c.json([&](JsonWriter& json) { render_list(json, "hits", hits, no_next); });
}

}  // namespace

std::span<const RouteTable> documents_tables() { return tables; }

}  // namespace backend::server
