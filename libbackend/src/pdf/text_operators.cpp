// Text state and text-showing operators of the interpreter (ISO 32000-1, 9.3 and 9.4).
#include <cmath>

#include "interpreter.h"

namespace backend::pdf {
namespace {

std::optional<double> value_of(const Operand& operand) {
  if (operand.kind != OperandKind::number || !std::isfinite(operand.number)) return std::nullopt;
  return operand.number;
}

void translate(TextState& text, double x, double y) {
  Matrix& m = text.matrix;
  const double e = x * m.a + y * m.c + m.e, f = x * m.b + y * m.d + m.f;
  m.e = e;
  m.f = f;
}

}  // namespace

void Interpreter::begin_text(Operands) {
  state_.text.matrix = {};
  state_.text.position = {};
}

template <double TextState::*member, int sign>
void Interpreter::set_text_number(Operands operands) {
  if (const auto value = value_of(operands[0])) state_.text.*member = sign * *value;
}
template void Interpreter::set_text_number<&TextState::char_space, 1>(Operands);
template void Interpreter::set_text_number<&TextState::word_space, 1>(Operands);
template void Interpreter::set_text_number<&TextState::scaling, 1>(Operands);
template void Interpreter::set_text_number<&TextState::leading, -1>(Operands);
template void Interpreter::set_text_number<&TextState::rise, 1>(Operands);

/// A name without a font gives one that knows nothing: it is not an error to show text with it.
void Interpreter::set_font(Operands operands) {
  const bool named = operands[0].kind == OperandKind::name;
  state_.text.font = find_font(named ? std::string(parser_->text(operands[0])) : std::string());
  if (const auto size = value_of(operands[1])) state_.text.font_size = *size;
}

std::shared_ptr<Font> Interpreter::find_font(const std::string& font_name) {
  std::shared_ptr<Font>& slot = fonts_by_name_[font_name];
  if (slot) return slot;
  shared_.budget.check_time_now();
  Object dict = entry(entry(resources_, "/Font"), key_of(font_name));
  return slot = dict.isDictionary() ? shared_.fonts.get(dict) : shared_.fonts.get(Object::newDictionary());
}

void Interpreter::move_line(Operands operands) {
  const auto x = value_of(operands[0]), y = value_of(operands[1]);
  if (x && y) translate(state_.text, *x, *y);
  state_.text.position = {};
}

void Interpreter::move_line_and_set_leading(Operands operands) {
  move_line(operands);
  if (const auto y = value_of(operands[1])) state_.text.leading = *y;
}

void Interpreter::set_text_matrix(Operands operands) {
  Matrix m;
  double* members[] = {&m.a, &m.b, &m.c, &m.d, &m.e, &m.f};
  for (std::size_t i = 0; i < 6; ++i) {
    const auto value = value_of(operands[i]);
    if (!value) return;
    *members[i] = *value;
  }
  state_.text.matrix = m;
  state_.text.position = {};
}

void Interpreter::next_line(Operands) {
  Matrix& m = state_.text.matrix;
  m.e = state_.text.leading * m.c + m.e;
  m.f = state_.text.leading * m.d + m.f;
  state_.text.position = {};
}

void Interpreter::show(const Operand& operand, Painter::TextRun& run) {
  if (operand.kind == OperandKind::string) run.show(parser_->text(operand));
  if (const auto value = value_of(operand)) run.adjust(*value);
}

void Interpreter::show_text(Operands operands) {
  if (!state_.text.font) return;
  Painter::TextRun run(shared_.painter, state_.text);
  show(operands[0], run);
}

void Interpreter::show_text_array(Operands operands) {
  if (!state_.text.font || operands[0].kind != OperandKind::array) return;
  Painter::TextRun run(shared_.painter, state_.text);
  for (const Operand& element : parser_->elements(operands[0])) show(element, run);
}

void Interpreter::show_text_on_next_line(Operands operands) {
  next_line({});
  show_text(operands);
}

/// `"` sets the spacings and shows, but unlike ISO 32000-1, table 109 does not move to the next line.
void Interpreter::show_text_with_spacing(Operands operands) {
  set_text_number<&TextState::word_space, 1>(operands.subspan(0, 1));
  set_text_number<&TextState::char_space, 1>(operands.subspan(1, 1));
  show_text(operands.subspan(2, 1));
}

}  // namespace backend::pdf
