#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "transport/request_head.h"

namespace backend::server {

/// Reads one request's content off a connection: by length, or strictly chunked (RFC 9112 §7.1; no bare line feeds).
/// Kept apart from the socket so that it is tested with bytes in memory.
class BodyReader final : public RequestBody {
 public:
  /// Reads some bytes; 0 at the end of the connection, on error or after a timeout.
  using Receive = std::function<std::size_t(std::span<char>)>;
  using SendContinue = std::function<void()>;

  BodyReader(const RequestHead& head, Receive receive, SendContinue send_continue);

  std::optional<std::uint64_t> declared_length() const override;
  void read(std::uint64_t max_bytes, const Sink& sink) override;

  /// True when every byte of the content was taken off the connection.
  bool finished() const noexcept { return finished_; }
  /// Takes the rest off the connection if that is at most `max_bytes`; true when nothing remains.
  bool discard(std::uint64_t max_bytes) noexcept;

 private:
  void read_chunked(std::uint64_t max_bytes, const Sink& sink);
  void read_trailers();
  void pass(std::uint64_t length, const Sink& sink);
  std::string read_line();

  Receive receive_;
  SendContinue send_continue_;
  bool chunked_;
  bool expects_continue_;
  bool started_ = false;
  bool finished_;
  std::uint64_t length_;
};

}  // namespace backend::server
