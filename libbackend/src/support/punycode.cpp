#include "support/punycode.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace backend::support {
namespace {

constexpr std::uint32_t base = 36, t_min = 1, t_max = 26, skew = 38, damp = 700, initial_bias = 72, initial_n = 128;
constexpr std::uint32_t largest = std::numeric_limits<std::int32_t>::max();

std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / damp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (base - t_min) * t_max / 2; k += base) delta /= base - t_min;
  return k + (base - t_min + 1) * delta / (delta + skew);
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) {
  return k <= bias ? t_min : std::min(k - bias, t_max);
}

char digit(std::uint32_t value) { return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26)); }

std::uint32_t value_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0' + 26);
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  return base;
}

void append_number(std::string& out, std::uint32_t q, std::uint32_t bias) {
  for (std::uint32_t k = base;; k += base) {
    const auto t = threshold(k, bias);
    if (q < t) break;
    out += digit(t + (q - t) % (base - t));
    q = (q - t) / (base - t);
  }
  out += digit(q);
}

}  // namespace

// RFC 3492 §6.3
std::optional<std::string> punycode_encode(std::u32string_view label) {
  std::string out;
  for (char32_t c : label)
    if (c < 0x80) out += static_cast<char>(c);
  const auto basic = static_cast<std::uint32_t>(out.size());
  if (basic > 0) out += '-';
  std::uint32_t n = initial_n, delta = 0, bias = initial_bias;
  for (std::uint32_t handled = basic; handled < label.size(); ++delta, ++n) {
    std::uint32_t next = largest;
    for (char32_t c : label)
      if (c >= n) next = std::min<std::uint32_t>(next, c);
    if (next - n > (largest - delta) / (handled + 1)) return std::nullopt;
    delta += (next - n) * (handled + 1);
    n = next;
    for (char32_t c : label) {
      if (c < n) ++delta;
      if (c != n) continue;
      append_number(out, delta, bias);
      bias = adapt(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
  }
  return out;
}

// RFC 3492 §6.2
std::optional<std::u32string> punycode_decode(std::string_view label) {
  std::u32string out;
  const auto delimiter = label.rfind('-');
  if (delimiter != label.npos) {
    for (char c : label.substr(0, delimiter)) out += static_cast<char32_t>(static_cast<unsigned char>(c));
    label.remove_prefix(delimiter + 1);
  }
  std::uint32_t n = initial_n, i = 0, bias = initial_bias;
  for (std::size_t at = 0; at < label.size();) {
    const auto before = i;
    std::uint32_t weight = 1;
    for (std::uint32_t k = base;; k += base) {
      const auto value = at < label.size() ? value_of(label[at++]) : base;
      if (value >= base || value > (largest - i) / weight) return std::nullopt;
      i += value * weight;
      const auto t = threshold(k, bias);
      if (value < t) break;
      if (weight > largest / (base - t)) return std::nullopt;
      weight *= base - t;
    }
    const auto points = static_cast<std::uint32_t>(out.size() + 1);
    bias = adapt(i - before, points, before == 0);
    n += i / points;
    i %= points;
    if (n > 0x10FFFF || (n >= 0xD800 && n < 0xE000)) return std::nullopt;
    out.insert(out.begin() + i++, static_cast<char32_t>(n));
  }
  return out;
}

}  // namespace backend::support
