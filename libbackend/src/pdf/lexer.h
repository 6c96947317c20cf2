#pragma once
#include <string>
#include <string_view>

namespace backend::pdf {

enum class TokenKind : unsigned char {
  end,
  integer,
  real,
  name,
  string,
  keyword,
  array_begin,
  array_end,
  dict_begin,
  dict_end,
  proc_begin,
  proc_end,
};

/// `text` is the decoded name, string or keyword; it is valid until the next token.
struct Token {
  TokenKind kind = TokenKind::end;
  double number = 0;
  std::string_view text;
  std::size_t pos = 0;  ///< where the token starts
};

/// Splits content streams, CMaps and Type 1 headers into tokens. Accepts and drops what the oracle does,
/// which in places is not what ISO 32000-1, 7.2 and 7.3 say: see the comments. `true` and `false` are the
/// integers 1 and 0.
class Lexer {
 public:
  explicit Lexer(std::string_view data) : data_(data) {}

  Token next();

  std::string_view data() const { return data_; }
  std::size_t pos() const { return pos_; }
  void seek(std::size_t pos) { pos_ = pos < data_.size() ? pos : data_.size(); }

 private:
  bool read_token(Token& token);
  bool read_number(Token& token);
  bool read_name(Token& token);
  bool read_string(Token& token);
  void read_escape();
  bool read_hex_string(Token& token);
  bool read_keyword(Token& token);
  bool single(Token& token, TokenKind kind, std::size_t length = 1);
  void skip_comment();

  std::string_view data_;
  std::size_t pos_ = 0;
  std::string scratch_;
};

}  // namespace backend::pdf
