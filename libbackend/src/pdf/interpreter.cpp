#include "interpreter.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "streams.h"
#include "unicode.h"

namespace backend::pdf {
namespace {

/// More than real documents nest; beyond it `q` is counted but no state is kept.
constexpr std::size_t max_saved_states = 1u << 14;

constexpr std::size_t max_cached_fonts = 2048;

constexpr std::uint32_t pack(std::string_view name) {
  std::uint32_t key = 0;
  for (const char c : name) key = key << 8 | static_cast<unsigned char>(c);
  return key;
}

std::optional<double> value_of(const Operand& operand) {
  if (operand.kind != OperandKind::number || !std::isfinite(operand.number)) return std::nullopt;
  return operand.number;
}

/// All operands as numbers, or nullopt if one is something else.
template <std::size_t count>
std::optional<std::array<double, count>> values_of(std::span<const Operand> operands) {
  std::array<double, count> out{};
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = value_of(operands[i]);
    if (!value) return std::nullopt;
    out[i] = *value;
  }
  return out;
}

Matrix matrix_of(const std::array<double, 6>& v) { return {v[0], v[1], v[2], v[3], v[4], v[5]}; }

}  // namespace

std::shared_ptr<Font> FontCache::get(Object dict) {
  if (!dict.isIndirect()) return Font::load(dict, max_stream_bytes_);
  std::shared_ptr<Font>& slot = fonts_[dict.getObjGen()];
  if (!slot) slot = Font::load(dict, max_stream_bytes_);
  return slot;
}

void FontCache::trim() {
  if (fonts_.size() > max_cached_fonts) fonts_.clear();
}

struct Interpreter::Operator {
  std::uint32_t key = 0;
  std::size_t operands = 0;
  void (Interpreter::*execute)(Operands) = nullptr;

  constexpr Operator(std::string_view name, std::size_t count, void (Interpreter::*method)(Operands))
      : key(pack(name)), operands(count), execute(method) {}
};

/// `F` is missing on purpose: the oracle ignores it and keeps the path. `sc` and its like take their own
/// operands.
const Interpreter::Operator* Interpreter::find_operator(std::string_view name) {
  using I = Interpreter;
  static const auto table = [] {
    std::vector<Operator> operators = {
        {"q", 0, &I::save},
        {"Q", 0, &I::restore},
        {"cm", 6, &I::concatenate},
        {"w", 1, &I::set_line_width},
        {"J", 1, &I::ignore},
        {"j", 1, &I::ignore},
        {"M", 1, &I::ignore},
        {"d", 2, &I::ignore},
        {"ri", 1, &I::ignore},
        {"i", 1, &I::ignore},
        {"gs", 1, &I::ignore},
        {"sh", 1, &I::ignore},
        {"CS", 1, &I::set_stroking_space},
        {"cs", 1, &I::set_filling_space},
        {"G", 1, &I::set_stroking_device_color<1>},
        {"g", 1, &I::set_filling_device_color<1>},
        {"RG", 3, &I::set_stroking_device_color<3>},
        {"rg", 3, &I::set_filling_device_color<3>},
        {"K", 4, &I::set_stroking_device_color<4>},
        {"k", 4, &I::set_filling_device_color<4>},
        {"SC", 0, &I::set_stroking_color},
        {"SCN", 0, &I::set_stroking_color},
        {"sc", 0, &I::set_filling_color},
        {"scn", 0, &I::set_filling_color},
        {"m", 2, &I::add_segment<'m', 2>},
        {"l", 2, &I::add_segment<'l', 2>},
        {"c", 6, &I::add_segment<'c', 6>},
        {"v", 4, &I::add_segment<'v', 4>},
        {"y", 4, &I::add_segment<'y', 4>},
        {"h", 0, &I::close_path},
        {"re", 4, &I::add_rectangle},
        {"S", 0, &I::paint<true, false, false, false>},
        {"s", 0, &I::paint<true, false, true, false>},
        {"f", 0, &I::paint<false, true, false, false>},
        {"f*", 0, &I::paint<false, true, false, true>},
        {"B", 0, &I::paint<true, true, false, false>},
        {"B*", 0, &I::paint<true, true, false, true>},
        {"b", 0, &I::paint<true, true, true, false>},
        {"b*", 0, &I::paint<true, true, true, true>},
        {"n", 0, &I::end_path},
        {"BT", 0, &I::begin_text},
        {"Tc", 1, &I::set_text_number<&TextState::char_space, 1>},
        {"Tw", 1, &I::set_text_number<&TextState::word_space, 1>},
        {"Tz", 1, &I::set_text_number<&TextState::scaling, 1>},
        {"TL", 1, &I::set_text_number<&TextState::leading, -1>},
        {"Ts", 1, &I::set_text_number<&TextState::rise, 1>},
        {"Tr", 1, &I::ignore},
        {"Tf", 2, &I::set_font},
        {"Td", 2, &I::move_line},
        {"TD", 2, &I::move_line_and_set_leading},
        {"Tm", 6, &I::set_text_matrix},
        {"T*", 0, &I::next_line},
        {"Tj", 1, &I::show_text},
        {"TJ", 1, &I::show_text_array},
        {"'", 1, &I::show_text_on_next_line},
        {"\"", 3, &I::show_text_with_spacing},
        {"Do", 1, &I::paint_object},
        {"EI", 1, &I::end_inline_image},
        {"MP", 1, &I::ignore},
        {"DP", 2, &I::ignore},
        {"BMC", 1, &I::ignore},
        {"BDC", 2, &I::ignore},
    };
    std::sort(operators.begin(), operators.end(),
              [](const Operator& a, const Operator& b) { return a.key < b.key; });
    return operators;
  }();
  if (name.size() > 3) return nullptr;
  const std::uint32_t key = pack(name);
  const auto found = std::lower_bound(table.begin(), table.end(), key,
                                      [](const Operator& op, std::uint32_t k) { return op.key < k; });
  return found != table.end() && found->key == key ? &*found : nullptr;
}

Interpreter::Interpreter(Shared& shared, Object resources, const Matrix& matrix, std::size_t depth)
    : shared_(shared), resources_(resources), depth_(depth) {
  state_.matrix = matrix;
  use_matrix();
}

void Interpreter::run(std::string_view content) {
  ContentParser parser(content, shared_.budget);
  parser_ = &parser;
  while (const auto name = parser.next_operator()) {
    const Operator* op = find_operator(*name);
    if (!op) continue;
    const Operands operands = op->operands == 0 ? Operands{} : parser.take(op->operands);
    if (operands.size() == op->operands) (this->*op->execute)(operands);
  }
  parser_ = nullptr;
}

// ---- graphics state ----

void Interpreter::use_matrix() { shared_.painter.set_matrix(state_.matrix); }

void Interpreter::save(Operands) {
  if (saved_.size() < max_saved_states) saved_.push_back(state_);
}

void Interpreter::restore(Operands) {
  if (saved_.empty()) return;
  state_ = std::move(saved_.back());
  saved_.pop_back();
  use_matrix();
}

void Interpreter::concatenate(Operands operands) {
  const auto values = values_of<6>(operands);
  if (!values) return;
  state_.matrix = multiply(matrix_of(*values), state_.matrix);
  use_matrix();
}

/// The width is scaled by the matrix of now, not of when the path is painted.
void Interpreter::set_line_width(Operands operands) {
  const auto width = value_of(operands[0]);
  const Matrix& m = state_.matrix;
  if (width) state_.line_width = *width * std::sqrt(m.a * m.a + m.b * m.b);
}

// Colours are not kept yet, but how many operands a colour takes decides what is left for the next operator.

void Interpreter::set_stroking_space(Operands operands) {
  state_.stroking = find_color_space(operands[0], state_.stroking);
}

void Interpreter::set_filling_space(Operands operands) {
  state_.filling = find_color_space(operands[0], state_.filling);
}

template <std::size_t components>
void Interpreter::set_stroking_device_color(Operands operands) {
  if (values_of<components>(operands)) state_.stroking.components = components;
}

template <std::size_t components>
void Interpreter::set_filling_device_color(Operands operands) {
  if (values_of<components>(operands)) state_.filling.components = components;
}

void Interpreter::set_stroking_color(Operands) { parser_->take(state_.stroking.components); }
void Interpreter::set_filling_color(Operands) { parser_->take(state_.filling.components); }

Interpreter::ColorSpace Interpreter::find_color_space(const Operand& operand, ColorSpace current) {
  const auto predefined = [](std::string_view space) -> std::optional<ColorSpace> {
    if (space == "DeviceCMYK") return ColorSpace{4};
    if (space == "DeviceRGB" || space == "CalRGB" || space == "Lab") return ColorSpace{3};
    for (const std::string_view one : {"DeviceGray", "CalGray", "Separation", "Indexed", "Pattern"}) {
      if (space == one) return ColorSpace{1};
    }
    return std::nullopt;
  };
  if (operand.kind != OperandKind::name) return current;
  const std::string key(parser_->text(operand));
  Object space = entry(entry(resources_, "/ColorSpace"), key_of(key));
  const auto parts = elements(space);
  const auto family = name(parts.empty() ? space : parts[0]).value_or("");
  if (parts.size() >= 2 && family == "ICCBased") {
    const long long count = integer(entry(parts[1], "/N")).value_or(0);
    return {static_cast<std::size_t>(std::clamp<long long>(count, 0, 64))};
  }
  if (parts.size() >= 2 && family == "DeviceN") return {elements(parts[1]).size()};
  if (const auto found = predefined(family)) return *found;
  return predefined(key).value_or(current);
}

// ---- paths ----

template <char op, std::size_t count>
void Interpreter::add_segment(Operands operands) {
  if (const auto v = values_of<count>(operands)) path_.push_back({op, (*v)[count - 2], (*v)[count - 1]});
}

void Interpreter::close_path(Operands) { path_.push_back({'h'}); }

void Interpreter::add_rectangle(Operands operands) {
  const auto values = values_of<4>(operands);
  if (!values) return;
  const auto [x, y, width, height] = *values;
  path_.insert(path_.end(),
               {{'m', x, y}, {'l', x + width, y}, {'l', x + width, y + height}, {'l', x, y + height}, {'h'}});
}

template <bool stroke, bool fill, bool close, bool even_odd>
void Interpreter::paint(Operands operands) {
  if (close) close_path(operands);
  shared_.painter.paint_path(path_, {state_.line_width, stroke, fill, even_odd});
  path_.clear();
}

void Interpreter::end_path(Operands) { path_.clear(); }

// ---- external objects ----

void Interpreter::paint_object(Operands operands) {
  if (operands[0].kind != OperandKind::name) return;
  Object object = entry(entry(resources_, "/XObject"), key_of(parser_->text(operands[0])));
  if (!object.isStream()) return;
  Object dict = object.getDict();
  const auto subtype = name(dict.getKey("/Subtype"));
  if (subtype == "Form" && has_entry(dict, "/BBox")) {
    paint_form(object);
  } else if (subtype == "Image" && has_entry(dict, "/Width") && has_entry(dict, "/Height")) {
    shared_.painter.paint_image();
  }
}

/// A form without resources, or with none in them, uses those of the page (PDF 1.1).
void Interpreter::paint_form(Object form) {
  if (depth_ >= shared_.budget.limits().max_form_depth) throw_limit("max_form_depth");
  Matrix matrix;
  const auto values = elements(entry(form, "/Matrix"));
  if (values.size() == 6) {
    double* members[] = {&matrix.a, &matrix.b, &matrix.c, &matrix.d, &matrix.e, &matrix.f};
    for (std::size_t i = 0; i < 6; ++i) *members[i] = number_or(values[i], 0);
  }
  Object own = entry(form, "/Resources");
  const bool usable = own.isDictionary() && (own.isIndirect() || !own.getKeys().empty());
  Interpreter nested(shared_, usable ? own : resources_, multiply(matrix, state_.matrix), depth_ + 1);
  const int id = form.getObjectID();
  if (id != 0 && !shared_.active_streams.insert(id).second) return;
  shared_.budget.check_time_now();
  nested.run(decoded_stream(form, shared_.budget.limits().max_stream_bytes));
  shared_.active_streams.erase(id);
}

void Interpreter::end_inline_image(Operands operands) {
  if (operands[0].kind == OperandKind::inline_image && operands[0].count == 1) shared_.painter.paint_image();
}

}  // namespace backend::pdf
