#include "edges.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "clusters.h"
#include "text_edges.h"

namespace backend::pdf {
namespace {

Edge edge_of_line(const Shape& line) {
  Edge edge;
  static_cast<Box&>(edge) = line;
  edge.width = line.width;
  edge.height = line.height;
  edge.orientation = line.top == line.bottom ? Orientation::horizontal : Orientation::vertical;
  edge.source = ShapeKind::line;
  return edge;
}

void add_edges_of_rect(const Shape& rect, std::vector<Edge>& out) {
  Edge side;
  side.source = ShapeKind::rect;
  const auto add = [&](Box box, double width, double height, Orientation orientation) {
    static_cast<Box&>(side) = box;
    side.width = width;
    side.height = height;
    side.orientation = orientation;
    out.push_back(side);
  };
  add({rect.x0, rect.top, rect.x1, rect.top}, rect.width, 0, Orientation::horizontal);
  // Not rect.bottom: the sum can differ from it in the last bit, and edges are snapped by it.
  add({rect.x0, rect.top + rect.height, rect.x1, rect.bottom}, rect.width, 0, Orientation::horizontal);
  add({rect.x0, rect.top, rect.x0, rect.bottom}, 0, rect.height, Orientation::vertical);
  add({rect.x1, rect.top, rect.x1, rect.bottom}, 0, rect.height, Orientation::vertical);
}

void add_edges_of_curve(std::span<const Point> points, std::vector<Edge>& out) {
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point a = points[i - 1], b = points[i];
    Edge edge;
    static_cast<Box&>(edge) = {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x),
                               std::max(a.y, b.y)};
    edge.width = std::abs(a.x - b.x);
    edge.height = std::abs(a.y - b.y);
    edge.source = ShapeKind::curve;
    if (a.x == b.x) {
      edge.orientation = Orientation::vertical;
    } else if (a.y == b.y) {
      edge.orientation = Orientation::horizontal;
    }
    out.push_back(edge);
  }
}

double length(const Edge& edge) {
  return edge.orientation == Orientation::vertical ? edge.height : edge.width;
}

/// Vertical and horizontal edges are treated alike, with the axes exchanged.
struct Axes {
  bool vertical;

  double& position(Edge& e) const { return vertical ? e.x0 : e.top; }
  double& other_position(Edge& e) const { return vertical ? e.x1 : e.bottom; }
  double start(const Edge& e) const { return vertical ? e.top : e.x0; }
  double& end(Edge& e) const { return vertical ? e.bottom : e.x1; }
};

/// Moves edges whose positions are near to the average of their cluster.
std::vector<Edge> snapped(std::vector<Edge> edges, const Axes& axes, double tolerance) {
  std::vector<double> keys;
  for (Edge& edge : edges) keys.push_back(axes.position(edge));
  Groups groups = grouped(cluster(keys, tolerance));
  std::vector<Edge> out;
  out.reserve(edges.size());
  for (std::size_t g = 0; g < groups.count(); ++g) {
    double sum = 0;
    for (const std::uint32_t i : groups[g]) sum += keys[i];
    const double average = sum / static_cast<double>(groups[g].size());
    for (const std::uint32_t i : groups[g]) {
      // Moved by the difference, not set: the sum may miss the average by a bit, and the oracle's does.
      const double shift = average - keys[i];
      Edge& edge = out.emplace_back(edges[i]);
      axes.position(edge) += shift;
      axes.other_position(edge) += shift;
    }
  }
  return out;
}

/// Joins edges of exactly the same position whose gap is small.
std::vector<Edge> joined(std::vector<Edge> edges, const Axes& axes, double tolerance) {
  std::stable_sort(edges.begin(), edges.end(), [&](Edge a, Edge b) {
    if (axes.position(a) != axes.position(b)) return axes.position(a) < axes.position(b);
    return axes.start(a) < axes.start(b);
  });
  std::vector<Edge> out;
  for (Edge& edge : edges) {
    const bool same_line = !out.empty() && axes.position(out.back()) == axes.position(edge);
    if (!same_line || axes.start(edge) > axes.end(out.back()) + tolerance) {
      out.push_back(edge);
    } else if (Edge& last = out.back(); axes.end(edge) > axes.end(last)) {
      const double end = axes.end(edge);
      if (axes.vertical) {
        last.height = end - last.top;
        last.bottom = end;
      } else {
        last.width = end - last.x0;
        last.x1 = end;
      }
    }
  }
  return out;
}

std::vector<Edge> explicit_edges(const std::vector<double>& lines, const Box& page, bool vertical) {
  std::vector<Edge> out;
  for (const double at : lines) {
    Edge edge;
    edge.orientation = vertical ? Orientation::vertical : Orientation::horizontal;
    static_cast<Box&>(edge) = vertical ? Box{at, page.top, at, page.bottom} : Box{page.x0, at, page.x1, at};
    edge.height = edge.bottom - edge.top;
    edge.width = edge.x1 - edge.x0;
    out.push_back(edge);
  }
  return out;
}

std::vector<Edge> ruled_edges(const Page::Data& page, bool vertical, bool strict, double min_length) {
  std::vector<Edge> out;
  const Orientation wanted = vertical ? Orientation::vertical : Orientation::horizontal;
  for (const Edge& edge : edges_of(page)) {
    if (edge.orientation != wanted || length(edge) < min_length) continue;
    if (!strict || edge.source == ShapeKind::line) out.push_back(edge);
  }
  return out;
}

std::vector<Edge> base_edges(const Page::Data& page, const TableSettings& settings, bool vertical,
                             Budget& budget) {
  const TableStrategy strategy = vertical ? settings.vertical_strategy : settings.horizontal_strategy;
  switch (strategy) {
    case TableStrategy::lines:
      return ruled_edges(page, vertical, false, settings.edge_min_length_prefilter);
    case TableStrategy::lines_strict:
      return ruled_edges(page, vertical, true, settings.edge_min_length_prefilter);
    case TableStrategy::text:
      return text_edges(page, settings, vertical, budget);
    case TableStrategy::explicit_lines:
      break;
  }
  return {};
}

std::vector<Edge> finished_edges(const Page::Data& page, const TableSettings& s, bool vertical,
                                 Budget& budget) {
  std::vector<Edge> edges = base_edges(page, s, vertical, budget);
  const auto more = explicit_edges(vertical ? s.explicit_vertical_lines : s.explicit_horizontal_lines,
                                   page.mediabox, vertical);
  edges.insert(edges.end(), more.begin(), more.end());
  const Axes axes{vertical};
  if (s.snap_x_tolerance > 0 || s.snap_y_tolerance > 0) {
    edges = snapped(std::move(edges), axes, vertical ? s.snap_x_tolerance : s.snap_y_tolerance);
  }
  edges = joined(std::move(edges), axes, vertical ? s.join_y_tolerance : s.join_x_tolerance);
  std::erase_if(edges, [&](const Edge& edge) { return length(edge) < s.edge_min_length; });
  return edges;
}

}  // namespace

std::vector<Edge> edges_of(const Page::Data& page) {
  std::vector<Edge> out;
  for (const Shape& line : page.lines) out.push_back(edge_of_line(line));
  for (const Shape& rect : page.rects) add_edges_of_rect(rect, out);
  for (const Shape& curve : page.curves) {
    add_edges_of_curve(std::span(page.points).subspan(curve.first_point, curve.point_count), out);
  }
  return out;
}

TableEdges table_edges(const Page::Data& page, const TableSettings& settings, Budget& budget) {
  return {finished_edges(page, settings, true, budget), finished_edges(page, settings, false, budget)};
}

}  // namespace backend::pdf
