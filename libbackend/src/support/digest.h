#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace backend::support {

/// SHA-256 (FIPS 180-4) over pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::span<const std::byte> bytes);
  /// 64 hexadecimal digits, lower case. Starts over.
  std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

/// 32 bytes (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view message);

/// In a time that depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace backend::support
