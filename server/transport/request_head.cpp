#include "transport/request_head.h"

#include <charconv>
#include <optional>

namespace backend::server {
namespace {

using Fault = std::optional<HeadFault>;

bool is_token(std::string_view text) noexcept {
  if (text.empty()) return false;
  for (const char c : text) {  // RFC 9110 §5.6.2
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alphanumeric && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Absolute form (RFC 9112 §3.2.2) becomes origin form.
std::string origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t start = target.find_first_of("/?", scheme.size());
    if (start == std::string_view::npos) return "/";
    return target[start] == '?' ? "/" + std::string(target.substr(start)) : std::string(target.substr(start));
  }
  return std::string(target);
}

Fault read_request_line(std::string_view line, RequestHead& head, bool& is_1_0) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return HeadFault{400, "Malformed request line"};
  head.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(head.method)) return HeadFault{400, "Malformed request line"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return version.substr(0, 5) == "HTTP/" ? HeadFault{505, "HTTP version not supported"}
                                           : HeadFault{400, "Malformed request line"};
  is_1_0 = version == "HTTP/1.0";
  if (target.size() > max_target_bytes) return HeadFault{414, "URI too long"};
  for (const char c : target)
    if (c <= 0x20 || c >= 0x7f || c == '#') return HeadFault{400, "Malformed request target"};
  head.target = origin_form(target);
  if (head.target.front() != '/' && !(head.target == "*" && head.method == "OPTIONS"))
    return HeadFault{400, "Malformed request target"};
  return {};
}

Fault read_field(std::string_view line, Headers& headers) {
  if (line.front() == ' ' || line.front() == '\t') return HeadFault{400, "Folded header field"};  // RFC 9112 §5.2
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return HeadFault{400, "Malformed header field"};
  const std::string_view value = trim(line.substr(colon + 1));
  for (const char c : value)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return HeadFault{400, "Malformed header field"};
  if (headers.size() == max_header_fields) return HeadFault{431, "Too many header fields"};
  headers.add(std::string(line.substr(0, colon)), std::string(value));
  return {};
}

/// RFC 9112 §6: one Content-Length of digits, or one Transfer-Encoding "chunked", never both.
Fault read_framing(RequestHead& head, bool is_1_0) {
  const std::size_t lengths = head.headers.count("Content-Length");
  const std::size_t encodings = head.headers.count("Transfer-Encoding");
  if (lengths > 1 || (lengths && encodings)) return HeadFault{400, "Conflicting message lengths"};
  if (encodings) {
    if (is_1_0) return HeadFault{400, "Transfer-Encoding in HTTP/1.0"};
    if (encodings > 1) return HeadFault{400, "Conflicting message lengths"};
    if (!equal_ignoring_case(head.headers.get("Transfer-Encoding"), "chunked"))
      return HeadFault{501, "Transfer-Encoding not implemented"};
    head.chunked = true;
  }
  if (lengths) {
    const std::string_view text = head.headers.get("Content-Length");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), head.content_length);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || text.size() > 18)
      return HeadFault{400, "Malformed Content-Length"};
  }
  return {};
}

bool lists(std::string_view list, std::string_view item) noexcept {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (equal_ignoring_case(trim(list.substr(0, comma)), item)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

std::variant<RequestHead, HeadFault> parse_request_head(std::string_view text) {
  RequestHead head;
  bool is_1_0 = false;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || end == 0 || text[end - 1] != '\r') return HeadFault{400, "Bare line feed"};
    const std::string_view line = text.substr(0, end - 1);
    text.remove_prefix(end + 1);
    if (line.find('\0') != std::string_view::npos) return HeadFault{400, "NUL in head"};
    if (line.empty()) break;
    const Fault fault = first ? read_request_line(line, head, is_1_0) : read_field(line, head.headers);
    if (fault) return *fault;
    first = false;
  }
  if (first) return HeadFault{400, "Malformed request line"};
  if (const Fault fault = read_framing(head, is_1_0)) return *fault;
  const std::size_t hosts = head.headers.count("Host");
  if (hosts > 1 || (hosts == 0 && !is_1_0)) return HeadFault{400, "Missing or repeated Host"};  // RFC 9112 §3.2
  const std::string_view connection = head.headers.get("Connection");
  head.keep_alive = is_1_0 ? lists(connection, "keep-alive") : !lists(connection, "close");
  head.expects_continue = !is_1_0 && equal_ignoring_case(head.headers.get("Expect"), "100-continue");
  return head;
}

}  // namespace backend::server
