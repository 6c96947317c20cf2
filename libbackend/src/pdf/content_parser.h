#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "budget.h"
#include "lexer.h"

namespace backend::pdf {

enum class OperandKind : std::uint8_t { number, name, string, array, dict, keyword, inline_image };

/// `first` and `count` are bytes in the parser's text for names and strings, and elements for arrays. Of an
/// inline image, `count` is 1 if it has a width and a height. Of dictionaries nothing is kept.
struct Operand {
  OperandKind kind = OperandKind::number;
  std::uint32_t first = 0, count = 0;
  double number = 0;
};

/// Reads a content stream: collects operands on a stack and stops at each operator. Operands that an operator
/// does not take stay for the next one.
class ContentParser {
 public:
  ContentParser(std::string_view data, Budget& budget) : lexer_(data), budget_(budget) {}

  /// The next operator, or nullopt at the end. Valid until the next call.
  std::optional<std::string_view> next_operator();

  /// Takes the last `count` operands. Empty, and nothing is left, if there are fewer. Valid until the next
  /// call of next_operator().
  std::span<const Operand> take(std::size_t count);

  std::string_view text(const Operand& operand) const {
    return std::string_view(text_).substr(operand.first, operand.count);
  }
  std::span<const Operand> elements(const Operand& array) const {
    return std::span(elements_).subspan(array.first, array.count);
  }

 private:
  enum class ContextKind : std::uint8_t { array, dict, proc, inline_image };
  struct Context {
    ContextKind kind;
    std::size_t start;  ///< of its elements on the stack
  };

  void push_number(double value);
  void push_text(OperandKind kind, std::string_view text);
  void open(ContextKind kind) { contexts_.push_back({kind, stack_.size()}); }
  void close(ContextKind kind);
  bool read_inline_image(const Token& token);
  bool skip_image_data(std::string_view end_marker);
  bool handle_keyword(const Token& token);
  void forget_unused();

  Lexer lexer_;
  Budget& budget_;
  std::vector<Operand> stack_, elements_, taken_;
  std::vector<Context> contexts_;
  std::string text_;
  std::string_view operator_;
};

}  // namespace backend::pdf
