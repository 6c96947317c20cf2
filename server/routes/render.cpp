#include "routes/render.h"

namespace backend::server {
namespace {

void time_member(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time) {
  if (time)
    json.member(name, to_iso8601(*time));
  else
    json.member(name, nullptr);
}

void render_cells(JsonWriter& json, const PdfTableRow& row) {
  json.array_of(row, [&](const auto& cell) { json.value(cell); });
}

}  // namespace

void render(JsonWriter& json, const User& user) {
  json.object([&] {
    json.member("id", user.id);
    json.member("email", user.email);
    json.member("username", user.username);
    json.member("full_name", user.full_name);
    json.member("is_active", user.is_active);
    json.member("is_verified", user.is_verified);
    json.member("role", user.role);
    time_member(json, "created_at", user.created_at);
    time_member(json, "updated_at", user.updated_at);
  });
}

void render(JsonWriter& json, const Message& message) {
  json.object([&] {
    json.member("id", message.id);
    json.member("sender_id", message.sender_id);
    json.member("recipient_id", message.recipient_id);
    json.member("content", message.content);
    json.member("client_id", message.client_id);
    time_member(json, "created_at", message.created_at);
    time_member(json, "edited_at", message.edited_at);
    time_member(json, "read_at", message.read_at);
  });
}

void render(JsonWriter& json, const Document& document) {
  json.object([&] {
    json.member("id", document.id);
    json.member("filename", document.filename);
    json.member("page_count", document.page_count);
    json.member("file_size", document.file_size);
    json.member("status", to_string(document.status));
    json.member("error", document.error);
    time_member(json, "created_at", document.created_at);
  });
}

void render_rows(JsonWriter& json, const PdfTable& table) {
  json.key("headers").array([&] {
    if (!table.rows.empty())
      for (const auto& cell : table.rows.front()) json.value(cell);
  });
  json.key("rows").array([&] {
    for (std::size_t i = 1; i < table.rows.size(); ++i) render_cells(json, table.rows[i]);
  });
  json.member("total_rows", table.rows.empty() ? 0 : table.rows.size() - 1);
}

void render_table(JsonWriter& json, int page, std::size_t index, const PdfTable& table) {
  json.object([&] {
    json.member("page", page);
    json.member("table_index", index);
    json.key("bbox").array_of(table.bbox, [&](double edge) { json.value(edge); });
    render_rows(json, table);
  });
}

void render(JsonWriter& json, const PdfPageReport& page) {
  json.object([&] {
    json.member("page_number", page.number);
    json.member("text", page.text);
    json.key("tables").array([&] {
      for (std::size_t i = 0; i < page.tables.size(); ++i) render_table(json, page.number, i, page.tables[i]);
    });
    json.member("images", page.image_count);
    json.member("width", page.width);
    json.member("height", page.height);
    json.member("char_count", page.char_count);
  });
}

void render(JsonWriter& json, const SearchHit& hit) {
  json.object([&] {
    json.member("page", hit.page);
    json.member("x0", hit.x0);
    json.member("top", hit.top);
    json.member("x1", hit.x1);
    json.member("bottom", hit.bottom);
    json.member("match", hit.match);
    json.member("snippet", hit.snippet);
    json.member("position", hit.position);
  });
}

void render_metadata(JsonWriter& json, const PdfReport& report) {
  json.object([&] {
    for (const auto& [key, value] : report.metadata) json.key(key).raw(value);
  });
}

PdfRequest all_pages(PdfParts parts) {
  PdfRequest request;
  request.text = parts.text;
  request.tables = parts.tables;
  request.words = parts.words;
  return request;
}

std::string joined_text(const PdfReport& report) {
  std::string text;
  for (const PdfPageReport& page : report.pages) (text += page.text) += "\n\n";
  return text;
}

}  // namespace backend::server
