#pragma once
#include <span>
#include <unordered_map>

#include "budget.h"
#include "matrix.h"
#include "page_data.h"

namespace backend::pdf {

/// What showing text needs of the text state (ISO 32000-1, 9.3).
struct TextState {
  std::shared_ptr<Font> font;
  double font_size = 0, char_space = 0, word_space = 0, scaling = 100, leading = 0, rise = 0;
  Matrix matrix;
  Point position;  ///< of the next glyph, in the space of `matrix`
};

struct PathSegment {
  char op;  ///< m, l, c, v, y or h
  double x = 0, y = 0;
};

struct PathStyle {
  double line_width = 0;
  bool stroke = false, fill = false, even_odd = false;
};

/// Puts characters, shapes and images on a page in its top-left coordinates. Objects whose place is not a
/// finite number are left out.
class Painter {
 public:
  Painter(Page::Data& page, Budget& budget) : page_(page), budget_(budget) {}

  /// The matrix that painting uses. After a form it stays the form's until the next `cm`, `q` or `Q`, as in
  /// the oracle.
  void set_matrix(const Matrix& matrix) { matrix_ = matrix; }

  /// Shows strings with adjustments between them. Moves the state's position.
  class TextRun;
  void paint_path(std::span<const PathSegment> path, const PathStyle& style);
  void paint_image();

 private:
  void paint_subpath(std::span<const PathSegment> path, const PathStyle& style);
  Box flipped(double x0, double y0, double x1, double y1) const;
  std::uint32_t font_index(const std::shared_ptr<Font>& font);

  Page::Data& page_;
  Budget& budget_;
  Matrix matrix_;
  std::unordered_map<const Font*, std::uint32_t> font_indices_;
  std::unordered_map<std::string, std::uint32_t> name_indices_;
};

/// One Tj or TJ.
class Painter::TextRun {
 public:
  /// The state must have a font.
  TextRun(Painter& painter, TextState& state);
  void show(std::string_view bytes);
  void adjust(double thousandths);

 private:
  double paint(std::uint32_t code);

  Painter& painter_;
  TextState& state_;
  Font& font_;
  Matrix matrix_;
  double scaling_, char_space_, word_space_, adjustment_scale_;
  double& moving_;  ///< the coordinate along the line
  std::uint32_t font_index_;
  bool need_char_space_ = false;
};

}  // namespace backend::pdf
