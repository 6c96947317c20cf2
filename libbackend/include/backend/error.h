#pragma once
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace backend {

/// What went wrong, for callers to branch on. Texts may change between versions; codes do not.
enum class ErrorCode {
  invalid,          ///< an argument breaks a rule; field() names it
  unauthenticated,  ///< no, wrong or expired credentials
  forbidden,        ///< known caller without the right
  not_found,        ///< absent, or somebody else's
  conflict,         ///< already taken, or changed meanwhile
  too_large,        ///< over a size limit; the message names the setting
  unsupported,      ///< a kind of content or feature that is not handled
  malformed,        ///< a document that cannot be read as what it claims to be
  password,         ///< an encrypted document and no, or a wrong, password
  limit,            ///< work stopped at a limit (time, memory, pages); the message names the setting
  rate_limited,     ///< too many calls; retry_after() says when
  unavailable,      ///< a bounded queue is full or a dependency is away; worth a retry
  internal,         ///< a fault of this library or its environment
};

/// Short stable name of a code, such as "not_found".
const char* to_string(ErrorCode code) noexcept;

/// The one exception that the library throws on purpose. Value type; safe to copy between threads.
class Error : public std::runtime_error {
 public:
  explicit Error(ErrorCode code, const std::string& message, std::string field = {})
      : std::runtime_error(message), code_(code), field_(std::move(field)) {}

  ErrorCode code() const noexcept { return code_; }

  /// The argument at fault ("content", "recipient_id"), or empty.
  const std::string& field() const noexcept { return field_; }

  /// How long to wait before trying again; set with rate_limited and unavailable.
  std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }

  Error&& retry_in(std::chrono::seconds wait) && noexcept {
    retry_after_ = wait;
    return std::move(*this);
  }

 private:
  ErrorCode code_;
  std::string field_;
  std::optional<std::chrono::seconds> retry_after_;
};

}  // namespace backend
