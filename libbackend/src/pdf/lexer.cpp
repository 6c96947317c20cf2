#include "lexer.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace backend::pdf {
namespace {

enum : unsigned char { space = 1, delimiter = 2, digit = 4, letter = 8, hex = 16 };

/// NUL is neither white space nor a delimiter here, and vertical tab is white space, unlike ISO 32000-1,
/// table 1.
constexpr auto char_classes = [] {
  std::array<unsigned char, 256> out{};
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'}) out[static_cast<unsigned char>(c)] = space;
  for (const char c : {'#', '/', '%', '[', ']', '(', ')', '<', '>', '{', '}'}) {
    out[static_cast<unsigned char>(c)] = delimiter;
  }
  for (unsigned c = '0'; c <= '9'; ++c) out[c] = digit | hex;
  for (unsigned c = 'a'; c <= 'z'; ++c) out[c] = out[c - 32] = letter;
  for (unsigned c = 'a'; c <= 'f'; ++c) out[c] = out[c - 32] = letter | hex;
  return out;
}();

bool is(char c, unsigned mask) { return (char_classes[static_cast<unsigned char>(c)] & mask) != 0; }

unsigned hex_value(char c) {
  if (c <= '9') return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>((c | 32) - 'a' + 10);
}

constexpr std::array<double, 16> powers_of_ten = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

double slow_number(std::string_view digits) {
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

Token Lexer::next() {
  Token token;
  while (pos_ < data_.size()) {
    if (is(data_[pos_], space)) {
      ++pos_;
      continue;
    }
    token.pos = pos_;
    if (read_token(token)) return token;
  }
  token.kind = TokenKind::end;
  return token;
}

/// False if what was there gives no token.
bool Lexer::read_token(Token& token) {
  const char c = data_[pos_];
  const char after = pos_ + 1 < data_.size() ? data_[pos_ + 1] : '\0';
  if (is(c, digit) || c == '-' || c == '+' || c == '.') return read_number(token);
  if (is(c, letter)) return read_keyword(token);
  switch (c) {
    case '/':
      return read_name(token);
    case '(':
      return read_string(token);
    case '<':
      return after == '<' ? single(token, TokenKind::dict_begin, 2) : read_hex_string(token);
    case '[':
      return single(token, TokenKind::array_begin);
    case ']':
      return single(token, TokenKind::array_end);
    case '{':
      return single(token, TokenKind::proc_begin);
    case '}':
      return single(token, TokenKind::proc_end);
    case '>':
      if (after == '>') return single(token, TokenKind::dict_end, 2);
      ++pos_;
      return false;
    case '%':
      skip_comment();
      return false;
    case '\0':
      ++pos_;
      return false;
    default:
      return single(token, TokenKind::keyword);
  }
}

bool Lexer::single(Token& token, TokenKind kind, std::size_t length) {
  token.kind = kind;
  token.text = data_.substr(pos_, length);
  pos_ += length;
  return true;
}

void Lexer::skip_comment() {
  const std::size_t end = data_.find_first_of("\r\n", pos_);
  pos_ = end == std::string_view::npos ? data_.size() : end;
}

/// A sign, digits, a point, digits. What follows starts the next token, so "1-2" is two numbers.
bool Lexer::read_number(Token& token) {
  const bool negative = data_[pos_] == '-';
  if (negative || data_[pos_] == '+') ++pos_;
  const std::size_t start = pos_;
  std::uint64_t mantissa = 0;
  const auto read_digits = [&] {
    const std::size_t first = pos_;
    while (pos_ < data_.size() && is(data_[pos_], digit)) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(data_[pos_++] - '0');
    }
    return pos_ - first;
  };
  std::size_t digits = read_digits();
  std::size_t decimals = 0;
  token.kind = TokenKind::integer;
  if (pos_ < data_.size() && data_[pos_] == '.') {
    token.kind = TokenKind::real;
    ++pos_;
    decimals = read_digits();
    digits += decimals;
  }
  if (digits == 0) return false;
  // Up to 15 digits, the quotient of two exact doubles is the correctly rounded number.
  const double value = digits <= 15 ? static_cast<double>(mantissa) / powers_of_ten[decimals]
                                    : slow_number(data_.substr(start, pos_ - start));
  token.number = negative ? -value : value;
  return true;
}

bool Lexer::read_name(Token& token) {
  token.kind = TokenKind::name;
  const std::size_t start = ++pos_;
  const auto skip_plain = [&] {
    while (pos_ < data_.size() && !is(data_[pos_], space | delimiter)) ++pos_;
  };
  skip_plain();
  token.text = data_.substr(start, pos_ - start);
  if (pos_ >= data_.size() || data_[pos_] != '#') return true;
  scratch_ = token.text;
  while (pos_ < data_.size() && data_[pos_] == '#') {
    ++pos_;
    unsigned code = 0, count = 0;
    for (; count < 2 && pos_ < data_.size() && is(data_[pos_], hex); ++count)
      code = code << 4 | hex_value(data_[pos_++]);
    if (count > 0) scratch_ += static_cast<char>(code);
    const std::size_t plain = pos_;
    skip_plain();
    scratch_ += data_.substr(plain, pos_ - plain);
  }
  token.text = scratch_;
  return true;
}

/// A string that is not closed before the end of the data is no token.
bool Lexer::read_string(Token& token) {
  token.kind = TokenKind::string;
  const std::size_t start = ++pos_;
  const std::size_t plain_end = data_.find_first_of("()\\", start);
  if (plain_end != std::string_view::npos && data_[plain_end] == ')') {
    token.text = data_.substr(start, plain_end - start);
    pos_ = plain_end + 1;
    return true;
  }
  scratch_.clear();
  for (int depth = 1; pos_ < data_.size();) {
    const char c = data_[pos_++];
    if (c == '\\') {
      read_escape();
      continue;
    }
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) {
      token.text = scratch_;
      return true;
    }
    scratch_ += c;
  }
  return false;
}

/// After a backslash. A character that needs no escape is dropped, though ISO 32000-1, 7.3.4.2 keeps it.
void Lexer::read_escape() {
  unsigned code = 0, count = 0;
  for (; count < 3 && pos_ < data_.size() && data_[pos_] >= '0' && data_[pos_] <= '7'; ++count) {
    code = code * 8 + static_cast<unsigned>(data_[pos_++] - '0');
  }
  if (count > 0) {
    scratch_ += static_cast<char>(code & 0xFF);
    return;
  }
  if (pos_ >= data_.size()) return;
  const char c = data_[pos_++];
  switch (c) {
    case 'b':
      scratch_ += '\b';
      break;
    case 't':
      scratch_ += '\t';
      break;
    case 'n':
      scratch_ += '\n';
      break;
    case 'f':
      scratch_ += '\f';
      break;
    case 'r':
      scratch_ += '\r';
      break;
    case '(':
    case ')':
    case '\\':
      scratch_ += c;
      break;
    case '\r':
      if (pos_ < data_.size() && data_[pos_] == '\n') ++pos_;
      break;
    default:
      break;
  }
}

/// Ends at the first character that is no hex digit, and a last odd digit is a byte by itself: "<414>" is
/// "A\x04".
bool Lexer::read_hex_string(Token& token) {
  token.kind = TokenKind::string;
  scratch_.clear();
  int high = -1;
  for (++pos_; pos_ < data_.size() && is(data_[pos_], hex | space); ++pos_) {
    if (!is(data_[pos_], hex)) continue;
    const int value = static_cast<int>(hex_value(data_[pos_]));
    if (high < 0) {
      high = value;
    } else {
      scratch_ += static_cast<char>(high << 4 | value);
      high = -1;
    }
  }
  if (pos_ >= data_.size()) return false;
  if (high >= 0) scratch_ += static_cast<char>(high);
  token.text = scratch_;
  return true;
}

bool Lexer::read_keyword(Token& token) {
  const std::size_t start = pos_;
  while (pos_ < data_.size() && !is(data_[pos_], space | delimiter)) ++pos_;
  token.kind = TokenKind::keyword;
  token.text = data_.substr(start, pos_ - start);
  if (token.text == "true" || token.text == "false") {
    token.kind = TokenKind::integer;
    token.number = token.text == "true" ? 1 : 0;
  }
  return true;
}

}  // namespace backend::pdf
