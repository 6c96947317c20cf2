#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "transport/http_message.h"

namespace backend::server {

/// A request line with its header fields, checked against RFC 9112 so strictly that no two parsers can read it in
/// different ways (request smuggling): what is doubtful is refused.
struct RequestHead {
  std::string method;
  std::string target;  ///< origin form: path and query
  Headers headers;
  bool chunked = false;
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool expects_continue = false;
};

/// Why a head is refused; the connection is closed after the answer.
struct HeadFault {
  int status = 400;
  std::string_view detail;
};

constexpr std::size_t max_target_bytes = 8 * 1024;
constexpr std::size_t max_header_fields = 100;

/// `head` is everything up to and including the empty line.
std::variant<RequestHead, HeadFault> parse_request_head(std::string_view head);

}  // namespace backend::server
