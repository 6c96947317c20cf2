#include "painter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace backend::pdf {
namespace {

struct Bounds {
  double x0 = std::numeric_limits<double>::infinity(), y0 = x0, x1 = -x0, y1 = -x0;

  void add(Point p) {
    x0 = std::min(x0, p.x);
    y0 = std::min(y0, p.y);
    x1 = std::max(x1, p.x);
    y1 = std::max(y1, p.y);
  }

  bool finite() const { return std::isfinite(x1 - x0) && std::isfinite(y1 - y0); }
};

Bounds image_of(const Matrix& matrix, double x0, double y0, double x1, double y1) {
  Bounds bounds;
  for (const Point p : {Point{x0, y0}, Point{x1, y0}, Point{x1, y1}, Point{x0, y1}})
    bounds.add(matrix.apply(p.x, p.y));
  return bounds;
}

bool is_finite(const Box& box) {
  return std::isfinite(box.x0) && std::isfinite(box.top) && std::isfinite(box.x1) &&
         std::isfinite(box.bottom);
}

bool same(Point a, Point b) { return a.x == b.x && a.y == b.y; }

/// True if the four corners are a rectangle with sides along the axes, exactly, that ends where it starts.
bool is_rectangle(std::span<const Point> p) {
  const bool horizontal_last = p[0].x == p[1].x && p[1].y == p[2].y && p[2].x == p[3].x && p[3].y == p[0].y;
  const bool vertical_last = p[0].y == p[1].y && p[1].x == p[2].x && p[2].y == p[3].y && p[3].x == p[0].x;
  return same(p[0], p[4]) && (horizontal_last || vertical_last);
}

ShapeKind classify(std::string_view ops, std::span<const Point> points) {
  if (ops == "ml" || ops == "mlh") return ShapeKind::line;
  if ((ops == "mlllh" || ops == "mllll") && is_rectangle(points)) return ShapeKind::rect;
  return ShapeKind::curve;
}

}  // namespace

Box Painter::flipped(double x0, double y0, double x1, double y1) const {
  const double left = page_.mediabox.x0, height = page_.height();
  if (left != 0) {
    x0 += left;
    x1 += left;
  }
  return {x0, (height - y1) + page_.mediabox.top, x1, (height - y0) + page_.mediabox.top};
}

void Painter::paint_path(std::span<const PathSegment> path, const PathStyle& style) {
  if (path.empty() || path.front().op != 'm') return;
  const auto starts =
      std::count_if(path.begin(), path.end(), [](const PathSegment& s) { return s.op == 'm'; });
  if (starts == 1) return paint_subpath(path, style);
  for (std::size_t first = 0; first < path.size();) {
    std::size_t end = first + 1;
    while (end < path.size() && path[end].op != 'm') ++end;
    if (end - first > 1)
      paint_subpath(path.subspan(first, end - first), style);  // of several, a lone m is nothing
    first = end;
  }
}

void Painter::paint_subpath(std::span<const PathSegment> path, const PathStyle& style) {
  std::string ops;
  std::vector<Point> points;
  for (const PathSegment& segment : path) {
    const PathSegment& end = segment.op == 'h' ? path.front() : segment;
    ops += segment.op;
    points.push_back(matrix_.apply(end.x, end.y));
    budget_.check_time();
  }
  // A line back to the start is not needed where the path is closed.
  if (ops.size() > 3 && ops.ends_with("lh") && same(points[points.size() - 2], points[0])) {
    ops.erase(ops.size() - 2, 1);
    points.pop_back();
  }

  Shape shape;
  shape.kind = classify(ops, points);
  if (shape.kind == ShapeKind::line) points.resize(2);
  if (shape.kind == ShapeKind::rect)
    points = {points[0], {points[2].x, points[0].y}, points[2], {points[0].x, points[2].y}};
  Bounds bounds;
  for (const Point p : points) bounds.add(p);
  static_cast<Box&>(shape) = flipped(bounds.x0, bounds.y0, bounds.x1, bounds.y1);
  if (!bounds.finite() || !is_finite(shape)) return;
  budget_.count_object();
  shape.width = bounds.x1 - bounds.x0;
  shape.height = bounds.y1 - bounds.y0;
  shape.line_width = style.line_width;
  shape.stroke = style.stroke;
  shape.fill = style.fill;
  shape.even_odd = style.even_odd;
  shape.first_point = static_cast<std::uint32_t>(page_.points.size());
  shape.point_count = static_cast<std::uint32_t>(points.size());
  for (const Point p : points) {
    page_.points.push_back({page_.mediabox.x0 + p.x, page_.mediabox.top + page_.height() - p.y});
  }
  (shape.kind == ShapeKind::line   ? page_.lines
   : shape.kind == ShapeKind::rect ? page_.rects
                                   : page_.curves)
      .push_back(shape);
}

/// Images fill the unit square.
void Painter::paint_image() {
  const Bounds bounds = image_of(matrix_, 0, 0, 1, 1);
  const Box box = flipped(bounds.x0, bounds.y0, bounds.x1, bounds.y1);
  if (!is_finite(box)) return;
  budget_.count_object();
  page_.images.push_back(box);
}

std::uint32_t Painter::font_index(const std::shared_ptr<Font>& font) {
  const auto [slot, added] = font_indices_.try_emplace(font.get(), 0);
  if (!added) return slot->second;
  page_.fonts.push_back(font);
  const auto next = static_cast<std::uint32_t>(page_.font_names.size());
  const auto [named, new_name] = name_indices_.try_emplace(font->name(), next);
  if (new_name) page_.font_names.push_back(font->name());
  return slot->second = named->second;
}

Painter::TextRun::TextRun(Painter& painter, TextState& state)
    : painter_(painter),
      state_(state),
      font_(*state.font),
      matrix_(multiply(state.matrix, painter.matrix_)),
      scaling_(state.scaling * 0.01),
      char_space_(state.char_space * scaling_),
      word_space_(font_.composite() ? 0 : state.word_space * scaling_),
      adjustment_scale_(0.001 * state.font_size * scaling_),
      moving_(font_.vertical() ? state.position.y : state.position.x),
      font_index_(painter.font_index(state.font)) {}

/// Also makes the next glyph take the character spacing, which comes before all glyphs but the first.
void Painter::TextRun::adjust(double thousandths) {
  moving_ -= thousandths * adjustment_scale_;
  need_char_space_ = true;
}

void Painter::TextRun::show(std::string_view bytes) {
  font_.decode(bytes, [&](std::uint32_t code) {
    if (need_char_space_) moving_ += char_space_;
    moving_ += paint(code);
    if (code == ' ' && word_space_ != 0) moving_ += word_space_;
    need_char_space_ = true;
  });
}

/// Paints a glyph and returns its advance. The box is as high as the font size, from the descent upwards.
double Painter::TextRun::paint(std::uint32_t code) {
  const Glyph& glyph = font_.glyph(code);
  const Matrix m = matrix_.translated(state_.position.x, state_.position.y);
  const double size = state_.font_size, rise = state_.rise;
  const double advance = glyph.width * size * scaling_;
  Bounds bounds;
  if (font_.vertical()) {
    const double x = glyph.has_origin_x ? glyph.origin_x * size * 0.001 : size * 0.5;
    const double y = (1000 - glyph.origin_y) * size * 0.001;
    bounds = image_of(m, -x, y + rise + advance, -x + size, y + rise);
  } else {
    const double descent = font_.descent() * size;
    bounds = image_of(m, 0, descent + rise, advance, descent + rise + size);
  }

  Char c;
  static_cast<Box&>(c) = painter_.flipped(bounds.x0, bounds.y0, bounds.x1, bounds.y1);
  painter_.budget_.count_object();
  if (!bounds.finite() || !is_finite(c)) return std::isfinite(advance) ? advance : 0;
  c.text = glyph.text;
  c.size = font_.vertical() ? bounds.x1 - bounds.x0 : bounds.y1 - bounds.y0;
  c.font = font_index_;
  c.upright = m.a * m.d * scaling_ > 0 && m.b * m.c <= 0;
  painter_.page_.chars.push_back(c);
  return advance;
}

}  // namespace backend::pdf
