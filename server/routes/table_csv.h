#pragma once
#include <backend/pdf_report.h>

#include <vector>

#include "http/json_writer.h"
#include "transport/http_message.h"

namespace backend::server {

/// A table with its place. Borrows from the report.
struct FoundTable {
  int page = 0;
  std::size_t index = 0;  ///< on its page
  const PdfTable* table = nullptr;
};

std::vector<FoundTable> tables_of(const std::vector<PdfPageReport>& pages);

/// {"tables": [...], "next": null}
void render_tables(JsonWriter& json, const std::vector<FoundTable>& tables);

/// RFC 4180, UTF-8; an empty line between tables.
HttpResponse csv_response(const std::vector<FoundTable>& tables);

}  // namespace backend::server
