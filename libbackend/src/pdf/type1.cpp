#include "font_files.h"
#include "glyph_names.h"
#include "lexer.h"

namespace backend::pdf {

Encoding read_type1_encoding(std::string_view header) {
  Encoding out;
  Lexer lexer(header);
  double code = -1;
  std::string glyph;
  bool have_pair = false;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    switch (token.kind) {
      case TokenKind::integer:
        code = token.number;
        have_pair = false;
        break;
      case TokenKind::name:
        glyph = token.text;
        have_pair = code >= 0 && code < 256;
        break;
      case TokenKind::keyword:
        if (token.text != "put" || !have_pair) break;
        if (auto text = unicode_of_glyph(glyph)) out[static_cast<std::size_t>(code)] = std::move(*text);
        have_pair = false;
        code = -1;
        break;
      default:
        code = -1;
        have_pair = false;
    }
  }
  return out;
}

}  // namespace backend::pdf
