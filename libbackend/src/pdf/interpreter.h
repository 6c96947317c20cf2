#pragma once
#include <map>
#include <set>
#include <unordered_map>

#include "content_parser.h"
#include "objects.h"
#include "painter.h"

namespace backend::pdf {

/// Fonts of a document by object, shared between its pages.
class FontCache {
 public:
  explicit FontCache(std::size_t max_stream_bytes) : max_stream_bytes_(max_stream_bytes) {}

  /// Reads a font once if it is an object of its own.
  std::shared_ptr<Font> get(Object dict);

  /// Between pages: forgets everything once there are very many.
  void trim();

 private:
  std::size_t max_stream_bytes_;
  std::map<QPDFObjGen, std::shared_ptr<Font>> fonts_;
};

/// Executes one content stream: a page's or, in a nested interpreter, a form's (ISO 32000-1, 8 and 9). Like
/// the oracle it ignores clipping, optional content, text rendering modes and `gs`, and starts each form with
/// a fresh graphics state.
class Interpreter {
 public:
  struct Shared {
    Painter& painter;
    FontCache& fonts;
    Budget& budget;
    std::set<int> active_streams;  ///< object numbers of streams being executed, against cycles
  };

  Interpreter(Shared& shared, Object resources, const Matrix& matrix, std::size_t depth);
  void run(std::string_view content);

 private:
  struct Operator;
  static const Operator* find_operator(std::string_view name);
  using Operands = std::span<const Operand>;

  struct ColorSpace {
    std::size_t components = 1;
  };
  struct GraphicsState {
    Matrix matrix;
    double line_width = 0;
    ColorSpace stroking, filling;
    TextState text;
  };

  // Graphics state.
  void save(Operands);
  void restore(Operands);
  void concatenate(Operands);
  void set_line_width(Operands);
  void ignore(Operands) {}
  void set_stroking_space(Operands);
  void set_filling_space(Operands);
  template <std::size_t components>
  void set_stroking_device_color(Operands operands);
  template <std::size_t components>
  void set_filling_device_color(Operands operands);
  void set_stroking_color(Operands);
  void set_filling_color(Operands);

  // Paths.
  template <char op, std::size_t count>
  void add_segment(Operands operands);
  void close_path(Operands);
  void add_rectangle(Operands);
  template <bool stroke, bool fill, bool close, bool even_odd>
  void paint(Operands);
  void end_path(Operands);

  // Text.
  void begin_text(Operands);
  template <double TextState::*member, int sign>
  void set_text_number(Operands operands);
  void set_font(Operands);
  void move_line(Operands);
  void move_line_and_set_leading(Operands);
  void set_text_matrix(Operands);
  void next_line(Operands);
  void show_text(Operands);
  void show_text_array(Operands);
  void show_text_on_next_line(Operands);
  void show_text_with_spacing(Operands);

  // External objects and images.
  void paint_object(Operands);
  void paint_form(Object form);
  void end_inline_image(Operands);

  void use_matrix();
  std::shared_ptr<Font> find_font(const std::string& name);
  ColorSpace find_color_space(const Operand& name_operand, ColorSpace current);
  void show(const Operand& operand, Painter::TextRun& run);

  Shared& shared_;
  Object resources_;
  std::size_t depth_;
  GraphicsState state_;
  std::vector<GraphicsState> saved_;
  std::vector<PathSegment> path_;
  std::unordered_map<std::string, std::shared_ptr<Font>> fonts_by_name_;
  ContentParser* parser_ = nullptr;
};

}  // namespace backend::pdf
