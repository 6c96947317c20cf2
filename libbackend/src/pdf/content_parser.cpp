#include "content_parser.h"

namespace backend::pdf {
namespace {

/// Bytes of names and strings that may wait for an operator. The oracle keeps them all.
constexpr std::size_t max_waiting_text = 16u << 20;

bool is_space_byte(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::optional<std::string_view> ContentParser::next_operator() {
  forget_unused();
  for (;;) {
    const Token token = lexer_.next();
    budget_.count_operator();
    switch (token.kind) {
      case TokenKind::end:
        return std::nullopt;
      case TokenKind::integer:
      case TokenKind::real:
        push_number(token.number);
        break;
      case TokenKind::name:
        push_text(OperandKind::name, token.text);
        break;
      case TokenKind::string:
        push_text(OperandKind::string, token.text);
        break;
      case TokenKind::array_begin:
        open(ContextKind::array);
        break;
      case TokenKind::dict_begin:
        open(ContextKind::dict);
        break;
      case TokenKind::proc_begin:
        open(ContextKind::proc);
        break;
      case TokenKind::array_end:
        close(ContextKind::array);
        break;
      case TokenKind::dict_end:
        close(ContextKind::dict);
        break;
      case TokenKind::proc_end:
        close(ContextKind::proc);
        break;
      case TokenKind::keyword:
        if (handle_keyword(token)) return operator_;
        break;
    }
  }
}

void ContentParser::forget_unused() {
  if (!contexts_.empty()) return;
  if (text_.size() > max_waiting_text) stack_.clear();
  if (!stack_.empty()) return;
  text_.clear();
  elements_.clear();
}

void ContentParser::push_number(double value) { stack_.push_back({OperandKind::number, 0, 0, value}); }

void ContentParser::push_text(OperandKind kind, std::string_view text) {
  stack_.push_back(
      {kind, static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size()), 0});
  text_ += text;
}

/// Replaces the elements of the innermost context by one operand. A bracket of another kind is ignored.
void ContentParser::close(ContextKind kind) {
  if (contexts_.empty() || contexts_.back().kind != kind) return;
  const std::size_t start = contexts_.back().start;
  contexts_.pop_back();
  Operand operand{kind == ContextKind::array ? OperandKind::array : OperandKind::dict};
  if (kind == ContextKind::array) {
    operand.first = static_cast<std::uint32_t>(elements_.size());
    operand.count = static_cast<std::uint32_t>(stack_.size() - start);
    elements_.insert(elements_.end(), stack_.begin() + static_cast<std::ptrdiff_t>(start), stack_.end());
  }
  stack_.resize(start);
  stack_.push_back(operand);
}

/// True if `operator_` is to be executed now. Within brackets an operator is one more element.
bool ContentParser::handle_keyword(const Token& token) {
  if (token.text == "BI") {
    open(ContextKind::inline_image);
    return false;
  }
  if (token.text == "ID") return read_inline_image(token);
  if (!contexts_.empty()) {
    push_text(OperandKind::keyword, token.text);
    return false;
  }
  operator_ = token.text;
  return true;
}

/// At ID: makes an operand of the image, and executes EI, which its data hides (ISO 32000-1, 8.9.7).
bool ContentParser::read_inline_image(const Token& token) {
  if (contexts_.empty() || contexts_.back().kind != ContextKind::inline_image) return false;
  const std::size_t start = contexts_.back().start;
  bool has_width = false, has_height = false, ascii85 = false;
  for (std::size_t i = start; i + 1 < stack_.size(); i += 2) {
    const std::string_view key = text(stack_[i]);
    Operand value = stack_[i + 1];
    if (stack_[i].kind != OperandKind::name) continue;
    has_width |= key == "W";
    has_height |= key == "H";
    if (key != "F") continue;
    if (value.kind == OperandKind::array && value.count > 0) value = elements_[value.first];
    ascii85 = value.kind == OperandKind::name && (text(value) == "A85" || text(value) == "ASCII85Decode");
  }
  const bool odd = (stack_.size() - start) % 2 != 0;
  stack_.resize(start);
  contexts_.pop_back();
  if (odd) return false;
  contexts_.clear();
  lexer_.seek(token.pos + 3);
  if (!skip_image_data(ascii85 ? "~>" : "EI")) return false;
  stack_.push_back({OperandKind::inline_image, 0, has_width && has_height ? 1u : 0u, 0});
  operator_ = "EI";
  return !ascii85;  // after "~>" the EI is still to come
}

/// Moves behind the marker and the white space that must follow it; false and to the end if there is none. A
/// character that breaks a match is not tried as the start of another, as in the oracle.
bool ContentParser::skip_image_data(std::string_view end_marker) {
  const std::string_view data = lexer_.data();
  std::size_t matched = 0;
  for (std::size_t pos = lexer_.pos(); pos < data.size(); ++pos) {
    if (matched == end_marker.size()) {
      if (is_space_byte(data[pos])) {
        lexer_.seek(pos + 1);
        return true;
      }
      matched = 0;
    } else {
      matched = data[pos] == end_marker[matched] ? matched + 1 : 0;
    }
  }
  lexer_.seek(data.size());
  return false;
}

std::span<const Operand> ContentParser::take(std::size_t count) {
  const std::size_t available = stack_.size() < count ? stack_.size() : count;
  const std::size_t start = stack_.size() - available;
  taken_.assign(stack_.begin() + static_cast<std::ptrdiff_t>(start), stack_.end());
  stack_.resize(start);
  if (available < count) return {};
  return taken_;
}

}  // namespace backend::pdf
