#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace backend::server {

/// What stands above a part's content.
struct PartHead {
  std::string name;
  std::optional<std::string> filename;  ///< none: a text field
};

/// Receives a form's parts, one after the other.
class PartSink {
 public:
  virtual ~PartSink() = default;
  virtual void begin(const PartHead& head) = 0;
  virtual void data(std::string_view bytes) = 0;
  /// Not called for a part that the body's end cuts off.
  virtual void end() = 0;
};

/// multipart/form-data (RFC 7578) as it streams by; holds no more than a part's head and a delimiter's length.
/// As strict as FastAPI's parser: no preamble, CRLF only.
class MultipartParser {
 public:
  MultipartParser(std::string_view boundary, PartSink& sink);
  /// Throws HttpError 400.
  void feed(std::string_view bytes);

 private:
  enum class State { start, after_boundary, head, content, done };

  bool step();
  bool start();
  bool after_boundary();
  bool head();
  bool content();

  std::string delimiter_;  ///< CRLF "--" boundary
  PartSink& sink_;
  State state_ = State::start;
  std::string buffer_;
};

/// The parameter of a header value such as `form-data; name="file"`: nothing when absent. Quoted strings may hold
/// `\"` and `\\`.
std::optional<std::string> header_parameter(std::string_view value, std::string_view name);

}  // namespace backend::server
