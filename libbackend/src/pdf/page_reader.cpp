#include "page_reader.h"

#include <algorithm>
#include <array>

#include "streams.h"

namespace backend::pdf {
namespace {

using Corners = std::array<double, 4>;
constexpr Corners us_letter = {0, 0, 612, 792};

std::optional<Corners> corners_of(Object array) {
  const auto values = elements(array);
  if (values.size() != 4) return std::nullopt;
  Corners out{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto value = number(values[i]);
    if (!value) return std::nullopt;
    out[i] = *value;
  }
  return out;
}

/// Any two opposite corners as left, bottom, right, top of the turned page.
Corners normalized(const Corners& c, int rotation) {
  const auto [x0, x1] = std::minmax(c[0], c[2]);
  const auto [y0, y1] = std::minmax(c[1], c[3]);
  if (rotation == 90 || rotation == 270) return {y0, x0, y1, x1};
  return {x0, y0, x1, y1};
}

Box flipped(const Corners& c, double page_height) {
  return {c[0], page_height - c[3], c[2], page_height - c[1]};
}

/// From default user space to the displayed page with its origin at the bottom left.
Matrix page_matrix(const Corners& box, int rotation) {
  const auto [x0, y0, x1, y1] = box;
  switch (rotation) {
    case 90:
      return {0, -1, 1, 0, -y0, x1};
    case 180:
      return {-1, 0, 0, -1, x1, y1};
    case 270:
      return {0, 1, -1, 0, y1, -x0};
    default:
      return {1, 0, 0, 1, -x0, -y0};
  }
}

int rotation_of(Object rotate) {
  const auto degrees = integer(rotate).value_or(0) % 360;
  return static_cast<int>((degrees + 360) % 360);
}

/// The parts of a page's content are one stream; a token does not go on in the next part.
std::string content_of(Object contents, std::size_t max_bytes, std::set<int>& ids) {
  std::string out;
  const std::vector<Object> parts = contents.isArray() ? elements(contents) : std::vector<Object>{contents};
  for (Object part : parts) {
    Object stream = part;
    if (!stream.isStream()) continue;
    ids.insert(stream.getObjectID());
    if (!out.empty()) out += '\n';
    out += decoded_stream(stream, max_bytes);
    if (out.size() > max_bytes) throw_limit("max_stream_bytes");
  }
  return out;
}

}  // namespace

std::unique_ptr<const Page::Data> read_page(const PageNode& node, int number, FontCache& fonts,
                                            const Limits& limits) {
  auto page = std::make_unique<Page::Data>();
  page->number = number;
  page->limits = limits;
  page->rotation = rotation_of(node.rotate);
  const Corners media = corners_of(node.mediabox).value_or(us_letter);
  const Corners turned = normalized(media, page->rotation);
  const double height = turned[3] - turned[1];
  page->mediabox = flipped(turned, height);
  const auto crop = corners_of(node.cropbox);
  page->cropbox = crop ? flipped(normalized(*crop, page->rotation), height) : page->mediabox;

  Budget budget(limits);
  Painter painter(*page, budget);
  Interpreter::Shared shared{painter, fonts, budget, {}};
  try {
    Object contents = node.dict;
    const std::string content =
        content_of(entry(contents, "/Contents"), limits.max_stream_bytes, shared.active_streams);
    Interpreter(shared, node.resources, page_matrix(media, page->rotation), 0).run(content);
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    // QPDF met something damaged: the page is what was painted before it.
  }
  fonts.trim();
  return page;
}

}  // namespace backend::pdf
