// The root paths that bring a file.
#include "http/schema.h"
#include "http/uploads.h"
#include "routes/render.h"
#include "routes/routes.h"

namespace backend::server {
namespace {

HttpResponse upload(Context&);
HttpResponse extract_tables(Context&);
HttpResponse pdf_info(Context&);
HttpResponse search(Context&);

struct SearchTerm {
  std::string search_term;
};
const Schema<SearchTerm> search_term_schema{"SearchTerm", {
    field("search_term", &SearchTerm::search_term, text(), "\"\""),
}};

constexpr Inputs one_file{.files = Files::one};

constexpr Route routes[] = {
    {Post, "/upload-pdf", Access::user, upload, "Upload Pdf", 200, one_file},
    {Post, "/extract-tables", Access::user, extract_tables, "Extract Tables Endpoint", 200, one_file},
    {Post, "/pdf-info", Access::user, pdf_info, "Pdf Info", 200, one_file, "PdfInfo"},
    {Post, "/search-pdf", Access::user, search, "Search Pdf", 200, {.query = &search_term_schema, .files = Files::one}},
};
constexpr RouteTable tables[] = {{Face::compat, "pdf", routes}};

/// What is wrong with a file is 400 here, with the words of the call that found it.
template <class Call>
auto reading(const char* doing, Call&& call) {
  try {
    return call();
  } catch (const Error& error) {
    switch (error.code()) {
      case ErrorCode::malformed:
      case ErrorCode::password:
      case ErrorCode::limit:
      case ErrorCode::unsupported: throw HttpError(400, std::string(doing) + ": " + error.what());
      default: throw;
    }
  }
}

std::span<const std::byte> bytes_of(const MemoryFile& file) { return std::as_bytes(std::span(file.bytes)); }

/// Streams the form's last `file` into the file store.
class Receiver final : public FileTaker {
 public:
  explicit Receiver(Documents& documents) : documents_(documents) {}

  void begin(std::string_view filename) override {
    file.reset();
    try {
      file = documents_.receive(filename, NamePolicy::cut_long);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid) throw;
    }
  }
  void data(std::string_view bytes) override {
    if (file) file->write(std::as_bytes(std::span(bytes)));
  }
  void end() override {}

  std::optional<IncomingFile> file;  ///< none: its name is not a PDF's

 private:
  Documents& documents_;
};

HttpResponse upload(Context& c) {
  Receiver receiver(c.backend.documents());
  read_files(c, "file", receiver);
  if (!receiver.file) throw HttpError(400, "Only PDF files are allowed");
  const UploadedDocument stored = reading(
      "Error processing PDF", [&] { return c.backend.documents().upload(c.user(), std::move(*receiver.file)); });
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("document_id", stored.document.id);
      json.member("filename", stored.document.filename);
      json.member("page_count", stored.document.page_count);
      json.member("file_size", stored.document.file_size);
      json.member("text_preview", stored.text_preview);
      json.member("tables_found", stored.tables_found);
    });
  });
}

HttpResponse extract_tables(Context& c) {
  const MemoryFile file = read_file(c);
  const PdfReport report = reading("Error extracting tables",
                                   [&] { return c.backend.documents().read(bytes_of(file), all_pages({.tables = true})); });
  std::size_t count = 0;
  for (const PdfPageReport& page : report.pages) count += page.tables.size();
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("filename", file.filename);
      json.member("tables_count", count);
      json.key("tables").array([&] {
        for (const PdfPageReport& page : report.pages)
          for (std::size_t i = 0; i < page.tables.size(); ++i)
            json.object([&] {
              json.member("page", page.number);
              json.member("table_index", i);
              render_rows(json, page.tables[i]);
            });
      });
    });
  });
}

HttpResponse pdf_info(Context& c) {
  const MemoryFile file = read_file(c);
  const PdfReport report = reading("Error reading PDF info", [&] {
    return c.backend.documents().read(bytes_of(file), all_pages({.text = true, .tables = true}));
  });
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

void render_matches(JsonWriter& json, const PageMatches& page) {
  json.object([&] {
    json.member("page", page.page);
    json.member("matches", page.matches);
    json.key("context").array_of(page.context, [&](const TextMatch& match) {
      json.object([&] {
        json.member("position", match.position);
        json.member("context", match.context);
        json.member("before", match.before);
        json.member("match", match.match);
        json.member("after", match.after);
      });
    });
  });
}

HttpResponse search(Context& c) {
  const MemoryFile file = read_file(c);
  const std::string& term = c.query<SearchTerm>().search_term;
  if (term.empty()) throw HttpError(400, "Search term is required");
  const auto pages =
      reading("Error searching PDF", [&] { return c.backend.documents().search(bytes_of(file), term); });
  std::size_t total = 0;
  for (const PageMatches& page : pages) total += page.matches;
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.member("filename", file.filename);
      json.member("search_term", term);
      json.member("total_matches", total);
      json.key("matches_by_page").array_of(pages, [&](const PageMatches& page) { render_matches(json, page); });
    });
  });
}

}  // namespace

std::span<const RouteTable> compat_pdf_tables() { return tables; }

}  // namespace backend::server
