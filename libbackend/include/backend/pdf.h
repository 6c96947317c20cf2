#pragma once
#include <backend/error.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reads PDF documents: characters, ruling lines, words, text and tables, with the answers of pdfplumber.
/// Lengths are in points (1/72 inch). The origin is the top left corner of the page and y grows downwards.
/// Strings are UTF-8. Refusals and failures throw backend::Error: `malformed`, `password`, `limit`,
/// `invalid`.
namespace backend::pdf {

struct Point {
  double x = 0, y = 0;
};

struct Box {
  double x0 = 0, top = 0, x1 = 0, bottom = 0;
};

/// One character where it was painted. `text` lives as long as its Page; it may hold several code points (a
/// ligature) or none, and is "(cid:N)" when the font does not say what the glyph means.
struct Char : Box {
  std::string_view text;
  double size = 0;         ///< height of the box, width if the font is vertical
  std::uint32_t font = 0;  ///< index into Page::font_names()
  bool upright = true;
};

enum class ShapeKind : std::uint8_t { line, rect, curve };

/// A painted path, or one of its subpaths.
struct Shape : Box {
  double width = 0, height = 0, line_width = 0;
  std::uint32_t first_point = 0, point_count = 0;  ///< see Page::points()
  ShapeKind kind = ShapeKind::curve;
  bool stroke = false, fill = false, even_odd = false;
};

enum class Orientation : std::uint8_t { none, horizontal, vertical };

/// A side of a shape. `none` is a slanted piece of a curve.
struct Edge : Box {
  double width = 0, height = 0;
  Orientation orientation = Orientation::none;
  ShapeKind source = ShapeKind::line;
};

struct Word : Box {
  std::string text;
  bool upright = true;
};

struct WordOptions {
  double x_tolerance = 3;  ///< a wider gap between two characters starts a word
  double y_tolerance = 3;  ///< tops within it are one line
  std::optional<double>
      x_tolerance_ratio{};  ///< in place of x_tolerance, times the size of the character before
  std::optional<double> y_tolerance_ratio{};
  bool keep_blank_chars = false;       ///< spaces stay in words instead of separating them
  bool use_text_flow = false;          ///< the order of the content stream instead of positions
  bool expand_ligatures = true;        ///< "ﬁ" becomes "fi"
  std::string split_at_punctuation{};  ///< each of these is a word by itself
};

struct TextOptions {
  WordOptions words{};
};

enum class TableStrategy : std::uint8_t {
  lines,         ///< lines, sides of rectangles and straight pieces of curves
  lines_strict,  ///< lines only
  text,          ///< where words line up
  explicit_lines,
};

/// How find_tables() looks for cells. Tolerances are not negative.
struct TableSettings {
  TableStrategy vertical_strategy = TableStrategy::lines, horizontal_strategy = TableStrategy::lines;
  std::vector<double> explicit_vertical_lines{};      ///< x of each; added to what the strategy finds
  std::vector<double> explicit_horizontal_lines{};    ///< y of each
  double snap_x_tolerance = 3, snap_y_tolerance = 3;  ///< parallel edges this near become one
  double join_x_tolerance = 3, join_y_tolerance = 3;  ///< gaps along an edge this small are closed
  double edge_min_length_prefilter = 1, edge_min_length = 3;
  std::size_t min_words_vertical = 3, min_words_horizontal = 1;  ///< for TableStrategy::text
  double intersection_x_tolerance = 3, intersection_y_tolerance = 3;
  WordOptions text{};  ///< for words of the text strategy and for the text of the cells
};

struct TableRow {
  Box bbox;
  std::vector<std::optional<Box>>
      cells;  ///< a box for each column, or nullopt where the row has no cell of its own
};

struct Table {
  Box bbox;
  std::vector<TableRow> rows;
};

/// Text of a table's cells, row by row; nullopt where TableRow::cells has none.
using TableText = std::vector<std::vector<std::optional<std::string>>>;

/// What a document may cost. Going beyond throws Error `limit` whose message names the member.
struct Limits {
  std::size_t max_pages = 20'000;
  std::size_t max_stream_bytes = 256u << 20;        ///< one stream, decoded
  std::size_t max_objects_per_page = 2'000'000;     ///< characters, shapes and images
  std::size_t max_operators = 20'000'000;           ///< operators and operands of one page, forms included
  std::size_t max_form_depth = 28;                  ///< forms within forms
  std::size_t max_table_points = 2'000'000;         ///< crossings of edges while looking for tables
  std::chrono::milliseconds max_page_time{20'000};  ///< to read a page; again for each analysis of it
};

struct OpenOptions {
  std::string password{};
  Limits limits{};
};

/// One page, read. A value of its own: it stays valid without its Document, and const calls are thread-safe.
/// Analyses throw Error: `limit`, and `invalid` (with the option as field) for settings that make no sense.
class Page {
 public:
  struct Data;
  explicit Page(std::unique_ptr<const Data> data);
  Page(Page&&) noexcept;
  Page& operator=(Page&&) noexcept;
  ~Page();

  int number() const noexcept;    ///< from 1
  int rotation() const noexcept;  ///< degrees clockwise, usually 0, 90, 180 or 270
  double width() const noexcept;
  double height() const noexcept;
  const Box& bbox() const noexcept;      ///< the media box
  const Box& mediabox() const noexcept;  ///< as displayed, so after rotation
  const Box& cropbox() const noexcept;   ///< does not clip anything

  /// In the order of painting.
  const std::vector<Char>& chars() const noexcept;
  const std::vector<std::string>& font_names() const noexcept;
  std::string_view font_name(const Char& c) const noexcept { return font_names()[c.font]; }

  const std::vector<Shape>& lines() const noexcept;
  const std::vector<Shape>& rects() const noexcept;
  const std::vector<Shape>& curves() const noexcept;
  /// The end points of a shape of this page, without the control points of Bézier pieces.
  std::span<const Point> points(const Shape& shape) const noexcept;
  const std::vector<Box>& images() const noexcept;
  /// Sides of all lines, then rects, then curves.
  std::vector<Edge> edges() const;

  /// The whole text; lines end with "\n", words are apart by one space.
  std::string extract_text(const TextOptions& options = {}) const;
  std::vector<Word> extract_words(const WordOptions& options = {}) const;

  /// Tables of two or more cells, from top to bottom.
  std::vector<Table> find_tables(const TableSettings& settings = {}) const;
  /// The text of one of them.
  TableText extract_table(const Table& table, const WordOptions& options = {}) const;
  /// The text of all tables that find_tables() finds.
  std::vector<TableText> extract_tables(const TableSettings& settings = {}) const;

 private:
  std::unique_ptr<const Data> data_;
};

/// An open document. Use it from one thread at a time; several documents in several threads are fine.
/// Pages are read when asked for and not kept. A page, font or stream that is broken reads as empty.
class Document {
 public:
  /// Reads from the file as pages are asked for. Throws Error: malformed, password, not_found, limit.
  static Document open(const std::filesystem::path& path, const OpenOptions& options = {});
  /// Borrows the bytes: they must outlive the Document.
  static Document open(std::span<const std::byte> bytes, const OpenOptions& options = {});

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  std::size_t page_count() const noexcept;

  /// Reads a page; `index` counts from 0. Throws Error: invalid ("index"), limit.
  Page page(std::size_t index);

  /// The document information dictionary in its own order. Values are JSON texts: "\"Jane\"", "3", "true",
  /// "null".
  std::vector<std::pair<std::string, std::string>> metadata() const;

 private:
  struct Impl;
  explicit Document(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// How many characters `utf8` has, as Python's len(): code points.
std::size_t char_count(std::string_view utf8) noexcept;

}  // namespace backend::pdf
