#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cmaps.h"
#include "encodings.h"
#include "objects.h"
#include "to_unicode.h"

namespace backend::pdf {

/// How to show one code (simple fonts) or CID (composite fonts). Lengths are fractions of the font size.
struct Glyph {
  double width = 0;  ///< advance; downwards and negative in vertical fonts
  std::string_view text;
  double origin_x = 0, origin_y = 0;  ///< of vertical fonts, in thousandths
  bool has_origin_x = false;          ///< otherwise half the font size
};

/// Widths of CIDs: an array /W or /W2 (ISO 32000-1, 9.7.4.3). Of several entries for a CID the last counts.
class CidWidths {
 public:
  struct Metrics {
    double width = 0, origin_x = 0, origin_y = 0;
    bool has_width = true;
  };

  void read_horizontal(Object array);
  void read_vertical(Object array);
  const Metrics* find(std::uint32_t cid) const;

 private:
  struct Range {
    long long first, last;
    std::size_t metrics;  ///< index of the first's
    bool shared;          ///< one for all of them
  };
  std::vector<Range> ranges_;
  std::vector<Metrics> metrics_;
};

/// A font of a document. Not thread-safe: it resolves glyphs when they are first shown. Glyph texts live as
/// long as the font.
class Font {
 public:
  /// Reads a font dictionary; anything missing or broken in it has a fallback. Throws Error: limit.
  static std::shared_ptr<Font> load(Object dict, std::size_t max_stream_bytes);

  const std::string& name() const { return name_; }
  bool composite() const { return composite_; }
  bool vertical() const { return vertical_; }
  double descent() const { return descent_ * vertical_scale_; }

  const Glyph& glyph(std::uint32_t code) {
    if (code < simple_glyphs_.size() && simple_glyphs_[code].text.data()) return simple_glyphs_[code];
    return slow_glyph(code);
  }

  /// Calls `found(code)` for each code in a string.
  template <class Found>
  void decode(std::string_view bytes, Found&& found) const {
    switch (code_kind_) {
      case CodeKind::one_byte:
        for (const char c : bytes) found(static_cast<std::uint32_t>(static_cast<unsigned char>(c)));
        break;
      case CodeKind::two_bytes:
        for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
          found(static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]) << 8 |
                                           static_cast<unsigned char>(bytes[i + 1])));
        }
        break;
      case CodeKind::mapped:
        code_map_->decode(bytes, found);
        break;
    }
  }

 private:
  enum class CodeKind : std::uint8_t { one_byte, two_bytes, mapped };

  void load_simple(Object dict, const std::string& subtype, std::size_t max_stream_bytes);
  void load_simple_widths(Object dict);
  void load_type3_matrix(Object dict, Object descriptor);
  void load_encoding(Object dict, Object descriptor, const std::string& subtype,
                     std::size_t max_stream_bytes);
  void load_composite(Object descendant, Object encoding, Object to_unicode, bool has_to_unicode,
                      std::size_t max_stream_bytes);
  void load_code_map(const std::string& cmap_name);
  void load_cid_texts(Object descendant, Object to_unicode, bool has_to_unicode, const std::string& cmap_name,
                      std::size_t max_stream_bytes);
  void load_cid_widths(Object descendant);
  void load_descriptor(Object descriptor);

  const Glyph& slow_glyph(std::uint32_t code);
  Glyph make_simple_glyph(std::uint32_t code);
  Glyph make_cid_glyph(std::uint32_t cid);
  std::string_view store(std::string text);
  std::string_view unknown_text(std::uint32_t code);

  std::string name_ = "unknown";
  double descent_ = 0, horizontal_scale_ = 0.001, vertical_scale_ = 0.001, default_width_ = 0;
  bool composite_ = false, vertical_ = false, identity_text_ = false;
  CodeKind code_kind_ = CodeKind::one_byte;
  const CodeMap* code_map_ = nullptr;
  const CidTexts* cid_texts_ = nullptr;
  const StandardFont* standard_ = nullptr;
  UnicodeMap unicode_;
  Encoding encoding_;
  std::unordered_map<std::uint32_t, double> simple_widths_;
  CidWidths cid_widths_;
  double default_origin_y_ = 880;

  std::vector<Glyph> simple_glyphs_;  ///< by code; without text until shown
  std::unordered_map<std::uint32_t, Glyph> cid_glyphs_;
  std::vector<std::unique_ptr<std::string>> texts_;  ///< that glyphs point into
};

}  // namespace backend::pdf
