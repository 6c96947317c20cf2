#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the services ask of a PDF and what they get: plain values that can cross a process boundary.
/// Lengths are in points (1/72 inch), the origin is the top left corner of the page.
namespace backend {

/// A cell that the table has but that holds nothing is nullopt, as pdfplumber's None.
using PdfTableRow = std::vector<std::optional<std::string>>;

struct PdfTable {
  std::array<double, 4> bbox{};  ///< x0, top, x1, bottom
  std::vector<PdfTableRow> rows;
};

struct PdfWord {
  std::string text;
  double x0 = 0, top = 0, x1 = 0, bottom = 0;
};

struct PdfPageReport {
  int number = 0;  ///< from 1
  double width = 0, height = 0;
  std::size_t char_count = 0;  ///< code points of `text`
  std::size_t image_count = 0;
  std::string text;             ///< when asked for
  std::vector<PdfTable> tables; ///< when asked for
  std::vector<PdfWord> words;   ///< when asked for
};

struct PdfReport {
  std::size_t page_count = 0;
  /// The document information dictionary in its own order; values are JSON texts ("\"Jane\"", "true", "3").
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<PdfPageReport> pages;  ///< those asked for, ascending
  bool has_text = false;    ///< any page asked for has text; set when text was asked for
  bool has_tables = false;  ///< any page asked for has a table; set when tables were asked for
};

struct PdfRequest {
  bool text = false;
  bool tables = false;
  bool words = false;
  /// 1-based, ascending; empty means every page. A page beyond the last is left out of the report.
  std::vector<int> pages;
  std::string password;
};

}  // namespace backend
