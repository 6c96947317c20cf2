#include "support/digest.h"

#include <cryptopp/hmac.h>
#include <cryptopp/misc.h>
#include <cryptopp/sha.h>

namespace backend::support {
namespace {

std::string to_hex(const CryptoPP::byte* bytes, std::size_t size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

const CryptoPP::byte* as_bytes(std::string_view s) { return reinterpret_cast<const CryptoPP::byte*>(s.data()); }

}  // namespace

struct Sha256::State {
  CryptoPP::SHA256 hash;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
  state_->hash.Update(reinterpret_cast<const CryptoPP::byte*>(bytes.data()), bytes.size());
}

std::string Sha256::finish_hex() {
  CryptoPP::byte digest[CryptoPP::SHA256::DIGESTSIZE];
  state_->hash.Final(digest);
  return to_hex(digest, sizeof digest);
}

std::string sha256_hex(std::string_view bytes) {
  CryptoPP::byte digest[CryptoPP::SHA256::DIGESTSIZE];
  CryptoPP::SHA256().CalculateDigest(digest, as_bytes(bytes), bytes.size());
  return to_hex(digest, sizeof digest);
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  CryptoPP::HMAC<CryptoPP::SHA256> mac(as_bytes(key), key.size());
  std::string out(CryptoPP::SHA256::DIGESTSIZE, '\0');
  mac.CalculateDigest(reinterpret_cast<CryptoPP::byte*>(out.data()), as_bytes(message), message.size());
  return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CryptoPP::VerifyBufsEqual(as_bytes(a), as_bytes(b), a.size());
}

}  // namespace backend::support
