#include "transport/body_reader.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace backend::server {
namespace {

constexpr std::size_t max_chunk_line = 1024;
constexpr std::size_t max_trailers = 32;

[[noreturn]] void fail(const char* why) { throw BodyError{400, why}; }
[[noreturn]] void too_large() { throw BodyError{413, "Request body too large"}; }

}  // namespace

BodyReader::BodyReader(const RequestHead& head, Receive receive, SendContinue send_continue)
    : receive_(std::move(receive)),
      send_continue_(std::move(send_continue)),
      chunked_(head.chunked),
      expects_continue_(head.expects_continue),
      finished_(!head.chunked && head.content_length == 0),
      length_(head.content_length) {}

std::optional<std::uint64_t> BodyReader::declared_length() const {
  if (chunked_) return std::nullopt;
  return length_;
}

void BodyReader::read(std::uint64_t max_bytes, const Sink& sink) {
  if (!chunked_ && length_ > max_bytes) too_large();
  if (finished_) return;
  if (started_) fail("Request body was read before");
  started_ = true;
  if (expects_continue_) send_continue_();
  if (chunked_)
    read_chunked(max_bytes, sink);
  else
    pass(length_, sink);
  finished_ = true;
}

bool BodyReader::discard(std::uint64_t max_bytes) noexcept {
  if (finished_) return true;
  // A client that waits for 100 Continue may never send its body: the connection cannot be reused (RFC 9110 §10.1.1).
  if (started_ || expects_continue_) return false;
  try {
    read(max_bytes, [](std::string_view) {});
  } catch (...) {
    return false;
  }
  return true;
}

// A byte beyond the content would belong to the next request, so lines are read byte by byte; the connection's own
// buffer makes that cheap.
std::string BodyReader::read_line() {
  std::string line;
  for (char byte = 0; line.size() < max_chunk_line;) {
    if (receive_(std::span(&byte, 1)) == 0) fail("Request body cut short");
    if (byte == '\0') fail("Malformed chunk");
    line.push_back(byte);
    if (byte != '\n') continue;
    if (line.size() < 2 || line.find('\r') != line.size() - 2) fail("Malformed chunk");  // none before, and one right before the LF
    line.resize(line.size() - 2);
    return line;
  }
  fail("Malformed chunk");
}

void BodyReader::pass(std::uint64_t length, const Sink& sink) {
  std::array<char, 16 * 1024> block;
  while (length > 0) {
    const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(length, block.size()));
    const std::size_t got = receive_(std::span(block.data(), want));
    if (got == 0) fail("Request body cut short");
    sink(std::string_view(block.data(), got));
    length -= got;
  }
}

void BodyReader::read_chunked(std::uint64_t max_bytes, const Sink& sink) {
  for (std::uint64_t total = 0;;) {
    const std::string line = read_line();
    const std::size_t digits = std::min(line.find_first_of("; \t"), line.size());
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + digits, size, 16);
    if (digits == 0 || digits > 15 || error != std::errc() || end != line.data() + digits) fail("Malformed chunk");
    const std::size_t extension = line.find_first_not_of(" \t", digits);
    if (extension != line.npos && line[extension] != ';') fail("Malformed chunk");
    if (size == 0) return read_trailers();
    if (size > max_bytes || total > max_bytes - size) too_large();
    total += size;
    pass(size, sink);
    if (!read_line().empty()) fail("Malformed chunk");
  }
}

/// Trailer fields are read and dropped (RFC 9112 §7.1.2).
void BodyReader::read_trailers() {
  for (std::size_t i = 0; i < max_trailers; ++i)
    if (read_line().empty()) return;
  fail("Too many trailer fields");
}

}  // namespace backend::server
