#include "support/password.h"

#include "support/base64.h"
#include "support/digest.h"
#include "support/random.h"
#include "support/utf8.h"

#include <backend/error.h>

#include <crypt.h>

#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

namespace backend {
namespace {

constexpr char busy[] = "Too many log-ins at once (PASSWORD_QUEUE)";
constexpr std::size_t bcrypt_max_bytes = 72;
constexpr std::size_t salt_size = 22;
constexpr std::size_t checksum_size = 31;
constexpr std::size_t bcrypt_size = 7 + salt_size + checksum_size;
constexpr std::string_view long_prefix = "$bcrypt-sha256$v=2,t=2b,r=";

/// A stored hash, taken apart.
struct Parsed {
  bool is_long = false;
  std::string ident;  ///< "2a", "2b" or "2y"
  int cost = 0;
  std::string salt, checksum;
};

std::optional<int> cost_of(std::string_view digits) {
  int cost = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), cost);
  if (fault != std::errc() || end != digits.data() + digits.size() || cost < 4 || cost > 31) return std::nullopt;
  return cost;
}

// $2b$12$<22 salt><31 checksum>
std::optional<Parsed> parse_bcrypt(std::string_view hash) {
  if (hash.size() != bcrypt_size || hash[0] != '$' || hash[3] != '$' || hash[6] != '$') return std::nullopt;
  const auto ident = hash.substr(1, 2);
  const auto cost = cost_of(hash.substr(4, 2));
  if (!cost || (ident != "2a" && ident != "2b" && ident != "2y")) return std::nullopt;
  return Parsed{false, std::string(ident), *cost, std::string(hash.substr(7, salt_size)),
                std::string(hash.substr(7 + salt_size))};
}

// $bcrypt-sha256$v=2,t=2b,r=12$<22 salt>$<31 checksum>
std::optional<Parsed> parse_long(std::string_view hash) {
  hash.remove_prefix(long_prefix.size());
  const auto end = hash.find('$');
  if (end == hash.npos || hash.size() != end + 1 + salt_size + 1 + checksum_size) return std::nullopt;
  const auto cost = cost_of(hash.substr(0, end));
  if (!cost || hash[end + 1 + salt_size] != '$') return std::nullopt;
  return Parsed{true, "2b", *cost, std::string(hash.substr(end + 1, salt_size)),
                std::string(hash.substr(end + 2 + salt_size))};
}

std::optional<Parsed> parse(std::string_view hash) {
  return hash.starts_with(long_prefix) ? parse_long(hash) : parse_bcrypt(hash);
}

bool fits_bcrypt(std::string_view password) {
  return password.size() <= bcrypt_max_bytes && password.find('\0') == password.npos;
}

std::string two_digits(int cost) { return {static_cast<char>('0' + cost / 10), static_cast<char>('0' + cost % 10)}; }

// The last 31 characters of bcrypt, or nothing when libcrypt refuses the salt.
std::optional<std::string> bcrypt(const std::string& password, const std::string& ident, int cost, const std::string& salt) {
  const auto setting = "$" + ident + "$" + two_digits(cost) + "$" + salt;
  struct Wipe {
    void operator()(crypt_data* data) const {
      explicit_bzero(data, sizeof *data);
      delete data;
    }
  };
  const std::unique_ptr<crypt_data, Wipe> data(new crypt_data());  // 32 KiB: too much for a small thread's stack
  const char* made = crypt_r(password.c_str(), setting.c_str(), data.get());
  if (!made || std::string_view(made).size() != bcrypt_size) return std::nullopt;
  return std::string(made + bcrypt_size - checksum_size);
}

// passlib.hash.bcrypt_sha256, version 2.
std::string shortened(std::string_view password, const std::string& salt) {
  return support::base64_encode(support::hmac_sha256(salt, password));
}

std::optional<std::string> checksum_of(std::string_view password, const Parsed& parts) {
  const auto input = parts.is_long ? shortened(password, parts.salt) : std::string(password);
  return bcrypt(input, parts.ident, parts.cost, parts.salt);
}

bool matches(std::string_view password, const Parsed& stored) {
  // bcrypt would compare the first 72 bytes only: compute something as long and say no.
  const bool comparable = stored.is_long || fits_bcrypt(password);
  const auto checksum = checksum_of(comparable ? password : std::string_view("-"), stored);
  return comparable && checksum && support::equal_constant_time(*checksum, stored.checksum);
}

// 128 random bits as bcrypt writes them; crypt_gensalt_rn knows the alphabet and the bits that must be zero.
std::string make_salt(int cost) {
  const auto entropy = support::random_bytes(16);
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  if (!crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost), entropy.data(), static_cast<int>(entropy.size()),
                        setting, sizeof setting))
    throw Error(ErrorCode::internal, "bcrypt is not available");
  return std::string(setting + 7, salt_size);
}

Parsed impossible_hash(int cost) { return {false, "2b", cost, std::string(salt_size, '.'), std::string(checksum_size, '-')}; }

bool verify_forms(std::string_view password, const Parsed& stored) {
  if (password.size() > PasswordHasher::max_password_bytes) {
    matches("-", stored);  // never hashed by us, so it cannot be right; the time must not tell
    return false;
  }
  if (matches(password, stored)) return true;
  const auto normal = support::to_nfkc(password);
  return normal && *normal != password && matches(*normal, stored);
}

}  // namespace

std::string PasswordHasher::hash(std::string_view password) {
  if (password.size() > max_password_bytes)
    throw Error(ErrorCode::invalid, "Password should have at most 1024 bytes", "password");
  const auto normal = support::to_nfkc(password).value_or(std::string(password));
  const support::Gate::Turn turn(gate_, busy);
  const Parsed parts{!fits_bcrypt(normal), "2b", cost_, make_salt(cost_), {}};
  const auto checksum = checksum_of(normal, parts);
  if (!checksum) throw Error(ErrorCode::internal, "bcrypt is not available");
  if (parts.is_long) return std::string(long_prefix) + std::to_string(cost_) + "$" + parts.salt + "$" + *checksum;
  return "$2b$" + two_digits(cost_) + "$" + parts.salt + *checksum;
}

bool PasswordHasher::verify(std::string_view password, std::string_view hash) {
  const auto stored = parse(hash);
  const support::Gate::Turn turn(gate_, busy);
  if (stored) return verify_forms(password, *stored);
  verify_forms(password, impossible_hash(cost_));
  return false;
}

void PasswordHasher::verify_nothing(std::string_view password) {
  const support::Gate::Turn turn(gate_, busy);
  verify_forms(password, impossible_hash(cost_));
}

bool PasswordHasher::is_outdated(std::string_view hash) const noexcept {
  try {
    const auto stored = parse(hash);
    return !stored || stored->cost < cost_;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace backend
