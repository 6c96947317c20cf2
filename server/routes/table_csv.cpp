#include "routes/table_csv.h"

#include "routes/render.h"

namespace backend::server {
namespace {

void append_cell(std::string& out, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_row(std::string& out, const PdfTableRow& row) {
  // A row of one empty cell would be an empty line, which separates tables.
  if (row.size() == 1 && (!row.front() || row.front()->empty())) out += "\"\"";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += ',';
    if (row[i]) append_cell(out, *row[i]);
  }
  out += "\r\n";
}

}  // namespace

std::vector<FoundTable> tables_of(const std::vector<PdfPageReport>& pages) {
  std::vector<FoundTable> found;
  for (const PdfPageReport& page : pages)
    for (std::size_t i = 0; i < page.tables.size(); ++i) found.push_back({page.number, i, &page.tables[i]});
  return found;
}

void render_tables(JsonWriter& json, const std::vector<FoundTable>& tables) {
  json.object([&] {
    json.key("tables").array_of(
        tables, [&](const FoundTable& found) { render_table(json, found.page, found.index, *found.table); });
    json.member("next", nullptr);
  });
}

HttpResponse csv_response(const std::vector<FoundTable>& tables) {
  HttpResponse response;
  response.headers.set("Content-Type", "text/csv; charset=utf-8");
  response.headers.set("Content-Disposition", "attachment; filename=\"tables.csv\"");
  for (const FoundTable& found : tables) {
    if (&found != &tables.front()) response.body += "\r\n";
    for (const PdfTableRow& row : found.table->rows) append_row(response.body, row);
  }
  return response;
}

}  // namespace backend::server
