#include "http/multipart.h"

#include "http/error_response.h"
#include "http/utf8.h"
#include "transport/http_message.h"

namespace backend::server {
namespace {

constexpr std::size_t max_part_head = 8 * 1024;

[[noreturn]] void refuse(const char* detail = "Invalid multipart data.") { throw HttpError(400, detail); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes a token or quoted string off the front.
std::string take_value(std::string_view& rest) {
  std::string out;
  if (!rest.starts_with('"')) {
    const std::string_view token = rest.substr(0, rest.find(';'));
    rest.remove_prefix(token.size());
    return std::string(trimmed(token));
  }
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    if (rest.front() == '\\' && rest.size() > 1 && (rest[1] == '"' || rest[1] == '\\')) rest.remove_prefix(1);
    out += rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) rest.remove_prefix(1);
  return out;
}

PartHead parse_part_head(std::string_view text) {
  std::string_view disposition;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(text.size(), line.size() + 2));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) refuse();
    if (equal_ignoring_case(line.substr(0, colon), "Content-Disposition")) disposition = trimmed(line.substr(colon + 1));
  }
  PartHead head;
  const auto name = header_parameter(disposition, "name");
  if (!name) refuse("The Content-Disposition header field \"name\" must be provided.");
  head.name = utf8_repaired(*name);
  if (const auto filename = header_parameter(disposition, "filename")) head.filename = utf8_repaired(*filename);
  return head;
}

}  // namespace

std::optional<std::string> header_parameter(std::string_view value, std::string_view name) {
  std::string_view rest = value.substr(std::min(value.size(), value.find(';')));
  while (rest.starts_with(';')) {
    rest.remove_prefix(1);
    const std::size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) break;
    const std::string_view found = trimmed(rest.substr(0, equals));
    rest.remove_prefix(equals);
    if (rest.front() == ';') continue;
    rest.remove_prefix(1);
    std::string content = take_value(rest);
    if (equal_ignoring_case(found, name)) return content;
    rest.remove_prefix(std::min(rest.size(), rest.find(';')));
  }
  return std::nullopt;
}

MultipartParser::MultipartParser(std::string_view boundary, PartSink& sink)
    : delimiter_("\r\n--" + std::string(boundary)), sink_(sink) {}

void MultipartParser::feed(std::string_view bytes) {
  if (state_ == State::done) return;  // an epilogue says nothing
  buffer_ += bytes;
  while (step()) {
  }
}

/// True when there may be more to do with what is buffered.
bool MultipartParser::step() {
  switch (state_) {
    case State::start: return start();
    case State::after_boundary: return after_boundary();
    case State::head: return head();
    case State::content: return content();
    case State::done: break;
  }
  return false;
}

bool MultipartParser::start() {
  const std::string_view first = std::string_view(delimiter_).substr(2);
  const std::size_t n = std::min(first.size(), buffer_.size());
  if (std::string_view(buffer_).substr(0, n) != first.substr(0, n)) refuse();
  if (n < first.size()) return false;
  buffer_.erase(0, n);
  state_ = State::after_boundary;
  return true;
}

bool MultipartParser::after_boundary() {
  if (buffer_.size() < 2) return false;
  if (buffer_.starts_with("--")) {
    state_ = State::done;
    return false;
  }
  if (!buffer_.starts_with("\r\n")) refuse();
  buffer_.erase(0, 2);
  state_ = State::head;
  return true;
}

bool MultipartParser::head() {
  const std::size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos || end > max_part_head) {
    if (buffer_.size() > max_part_head) refuse();
    return false;
  }
  sink_.begin(parse_part_head(std::string_view(buffer_).substr(0, end)));
  buffer_.erase(0, end + 4);
  state_ = State::content;
  return true;
}

bool MultipartParser::content() {
  const std::size_t end = buffer_.find(delimiter_);
  if (end == std::string::npos) {
    if (buffer_.size() < delimiter_.size()) return false;
    const std::size_t safe = buffer_.size() - (delimiter_.size() - 1);
    sink_.data(std::string_view(buffer_).substr(0, safe));
    buffer_.erase(0, safe);
    return false;
  }
  if (end > 0) sink_.data(std::string_view(buffer_).substr(0, end));
  sink_.end();
  buffer_.erase(0, end + delimiter_.size());
  state_ = State::after_boundary;
  return true;
}

}  // namespace backend::server
