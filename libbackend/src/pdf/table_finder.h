#pragma once
#include <vector>

#include "edges.h"

namespace backend::pdf {

/// Cells between crossing edges, as tables.
std::vector<Table> tables_between(const TableEdges& edges, const TableSettings& settings, Budget& budget);

/// The text of the cells of tables: of the characters whose middle is in the cell.
std::vector<TableText> table_texts(const Page::Data& page, std::span<const Table> tables,
                                   const WordOptions& options, Budget& budget);

/// Throws Error: invalid, with the setting as field.
void check(const TableSettings& settings);

}  // namespace backend::pdf
