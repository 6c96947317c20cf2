#pragma once
#include "support/gate.h"

#include <string>
#include <string_view>

namespace backend {

/// Hashes and checks passwords with bcrypt, a bounded number at a time. Thread-safe; starts no thread.
///
/// Up to 72 bytes without NUL: `$2b$`, as Python's bcrypt writes it. Longer ones, which bcrypt alone would cut:
/// passlib's `$bcrypt-sha256$v=2,t=2b,r=COST$salt$digest` (bcrypt of the base64 of HMAC-SHA-256 keyed with the salt).
class PasswordHasher {
 public:
  static constexpr std::size_t max_password_bytes = 1024;

  /// `workers` hashes are computed at the same time; `queue` callers may wait for a turn.
  PasswordHasher(int cost, int workers, int queue) : cost_(cost), gate_(workers, queue) {}

  /// Hashes the NFKC form. Throws Error invalid ("password") beyond max_password_bytes, unavailable when the
  /// queue is full.
  std::string hash(std::string_view password);

  /// Tries the bytes as they are (the FastAPI backend hashed those), then their NFKC form where it differs. A hash that
  /// cannot match takes as long as one that can. Throws Error unavailable.
  bool verify(std::string_view password, std::string_view hash);

  /// Takes as long as verify() of a wrong password against a hash of the configured cost.
  void verify_nothing(std::string_view password);

  /// True when `hash` is weaker than what hash() makes now.
  bool is_outdated(std::string_view hash) const noexcept;

 private:
  const int cost_;
  support::Gate gate_;
};

}  // namespace backend
