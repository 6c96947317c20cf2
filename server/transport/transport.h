#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "transport/http_message.h"

namespace backend::server {

struct TransportOptions {
  std::string host = "127.0.0.1";
  int port = 0;  ///< 0: any free one
  int threads = 0;  ///< 0: chosen from the number of cores
  std::size_t max_head_bytes = 16 * 1024;
  std::chrono::milliseconds head_timeout{10000};       ///< for a whole head, once its first byte is there
  std::chrono::milliseconds keep_alive_timeout{15000}; ///< between requests, when nobody waits for a thread
  std::chrono::milliseconds io_timeout{10000};         ///< for the next bytes of a body, or for room to send
};

/// Listens, reads requests, hands them to a Handler and sends what it answers. `stop` may be called from any thread.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Takes the address; returns the port. Throws Error invalid ("HOST", "PORT").
  virtual int bind() = 0;
  /// Serves until stopped.
  virtual void run() = 0;
  /// Accepts nobody from now on and lets requests in flight finish, at most `grace`; then their connections are cut.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

/// cpp-httplib 0.11.4 or newer. `handler` must outlive the transport.
std::unique_ptr<Transport> httplib_transport(const TransportOptions& options, Handler& handler);

}  // namespace backend::server
