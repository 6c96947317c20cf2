#pragma once
#include <backend/backend.h>

#include "http/json_writer.h"

/// Values of the services as JSON. tests/http compares the members with the schemas that OpenAPI shows.
namespace backend::server {

void render(JsonWriter& json, const User& user);
void render(JsonWriter& json, const Message& message);
void render(JsonWriter& json, const Document& document);
void render(JsonWriter& json, const PdfPageReport& page);
void render(JsonWriter& json, const SearchHit& hit);
void render_table(JsonWriter& json, int page, std::size_t index, const PdfTable& table);
/// Members headers, rows, total_rows.
void render_rows(JsonWriter& json, const PdfTable& table);
void render_metadata(JsonWriter& json, const PdfReport& report);

/// Which parts of a PDF to read, of every page.
struct PdfParts {
  bool text = false, tables = false, words = false;
};
PdfRequest all_pages(PdfParts parts);

/// Every page's text followed by "\n\n".
std::string joined_text(const PdfReport& report);

/// {"<plural>": [...], "next": ...}
template <class Range, class Next>
void render_list(JsonWriter& json, std::string_view plural, const Range& range, const Next& next) {
  json.object([&] {
    json.key(plural).array_of(range, [&](const auto& item) { render(json, item); });
    json.member("next", next);
  });
}

}  // namespace backend::server
