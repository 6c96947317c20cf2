#pragma once
#include <backend/pdf.h>

#include "font.h"

namespace backend::pdf {

/// What a page is read into. Immutable once a Page has it.
struct Page::Data {
  int number = 0, rotation = 0;
  Box mediabox, cropbox;
  Limits limits;

  std::vector<Char> chars;
  std::vector<std::string> font_names;
  std::vector<Shape> lines, rects, curves;
  std::vector<Point> points;
  std::vector<Box> images;

  /// Own the texts that chars point to. Not to be used otherwise: the document may still be using them.
  std::vector<std::shared_ptr<const Font>> fonts;

  double width() const { return mediabox.x1 - mediabox.x0; }
  double height() const { return mediabox.bottom - mediabox.top; }
};

}  // namespace backend::pdf
