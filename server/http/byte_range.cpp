#include "http/byte_range.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "transport/http_message.h"

namespace backend::server {
namespace {

constexpr std::size_t max_ranges = 16;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() ? value : UINT64_MAX;  // beyond any file
}

/// False when the syntax is wrong. A range beyond the end has length 0.
bool parse_one(std::string_view text, std::uint64_t size, ByteRange& range) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return false;
  const auto last = number(text.substr(dash + 1));
  if (dash == 0) {  // the final bytes
    if (!last) return false;
    range.length = std::min(*last, size);
    range.first = size - range.length;
    return true;
  }
  const auto first = number(text.substr(0, dash));
  if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first)) return false;
  range = {*first, 0};
  if (*first < size) range.length = std::min(last.value_or(size - 1), size - 1) - *first + 1;
  return true;
}

bool overlap(std::vector<ByteRange> parts) {
  std::sort(parts.begin(), parts.end(), [](const ByteRange& a, const ByteRange& b) { return a.first < b.first; });
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (parts[i].first < parts[i - 1].first + parts[i - 1].length) return true;
  return false;
}

}  // namespace

RangeRequest parse_range(std::string_view header, std::uint64_t size) {
  RangeRequest request;
  const std::size_t equals = header.find('=');
  if (equals == std::string_view::npos || !equal_ignoring_case(trimmed(header.substr(0, equals)), "bytes"))
    return request;
  std::string_view rest = header.substr(equals + 1);
  std::size_t seen = 0;
  for (bool more = true; more;) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = trimmed(rest.substr(0, comma));
    more = comma != std::string_view::npos;
    rest.remove_prefix(more ? comma + 1 : rest.size());
    if (item.empty()) continue;  // RFC 9110 §5.6.1.2
    ByteRange range;
    if (++seen > max_ranges || !parse_one(item, size, range)) return {};
    if (range.length > 0) request.parts.push_back(range);
  }
  if (seen == 0) return {};
  if (overlap(request.parts)) return {};
  request.kind = request.parts.empty() ? RangeRequest::Kind::unsatisfiable : RangeRequest::Kind::parts;
  return request;
}

}  // namespace backend::server
