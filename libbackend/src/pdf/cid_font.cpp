// Composite fonts: codes of one to four bytes select CIDs (ISO 32000-1, 9.7).
#include <cmath>

#include "font.h"
#include "font_files.h"
#include "streams.h"
#include "unicode.h"

namespace backend::pdf {
namespace {

std::string trimmed_latin1(Object text) {
  if (!text.isString()) return "unknown";
  const std::string raw = text.getStringValue();
  constexpr std::string_view blanks(" \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0");
  const std::size_t first = raw.find_first_not_of(blanks);
  if (first == std::string::npos) return "";
  return utf8_from_latin1(std::string_view(raw).substr(first, raw.find_last_not_of(blanks) - first + 1));
}

/// Of an embedded CMap only its name counts: its contents are not read.
std::string cmap_name_of(Object encoding) {
  const auto plain = encoding.isName() ? name(encoding) : name(entry(encoding, "/CMapName"));
  std::string out = plain.value_or("unknown");
  if (out == "DLIdent-H" || out == "DLIdent-V") out = "Identity" + out.substr(7);
  return out;
}

/// True for a whole number that a CID can be.
std::optional<long long> cid_of(Object object) {
  const auto value = number(object);
  if (!value || *value != std::floor(*value) || std::abs(*value) > 1e9) return std::nullopt;
  return static_cast<long long>(*value);
}

}  // namespace

void CidWidths::read_horizontal(Object array) {
  std::vector<Object> pending;
  for (Object item : elements(array)) {
    if (item.isArray()) {
      const auto widths = elements(item);
      const auto first = pending.empty() ? std::nullopt : cid_of(pending.back());
      if (first && !widths.empty()) {
        ranges_.push_back(
            {*first, *first + static_cast<long long>(widths.size()) - 1, metrics_.size(), false});
        for (Object width : widths) {
          const auto value = number(width);
          metrics_.push_back({value.value_or(0), 0, 0, value.has_value()});
        }
      }
      pending.clear();
      continue;
    }
    if (!number(item)) continue;
    pending.push_back(item);
    if (pending.size() < 3) continue;
    if (pending[0].isInteger() && pending[1].isInteger()) {
      const auto first = cid_of(pending[0]), last = cid_of(pending[1]);
      if (first && last) ranges_.push_back({*first, *last, metrics_.size(), true});
      metrics_.push_back({number_or(pending[2], 0), 0, 0, true});
    }
    pending.clear();
  }
}

void CidWidths::read_vertical(Object array) {
  std::vector<double> pending;
  for (Object item : elements(array)) {
    if (item.isArray()) {
      const auto values = elements(item);
      if (!pending.empty() && values.size() >= 3 && std::abs(pending.back()) < 1e9) {
        const auto first = static_cast<long long>(pending.back());
        ranges_.push_back(
            {first, first + static_cast<long long>(values.size() / 3) - 1, metrics_.size(), false});
        for (std::size_t i = 0; i + 2 < values.size(); i += 3) {
          metrics_.push_back(
              {number_or(values[i], 0), number_or(values[i + 1], 0), number_or(values[i + 2], 0), true});
        }
      }
      pending.clear();
    } else if (const auto value = number(item)) {
      pending.push_back(*value);
      if (pending.size() < 5) continue;
      if (std::abs(pending[0]) < 1e9 && std::abs(pending[1]) < 1e9) {
        ranges_.push_back(
            {static_cast<long long>(pending[0]), static_cast<long long>(pending[1]), metrics_.size(), true});
        metrics_.push_back({pending[2], pending[3], pending[4], true});
      }
      pending.clear();
    }
  }
}

const CidWidths::Metrics* CidWidths::find(std::uint32_t cid) const {
  for (auto range = ranges_.rbegin(); range != ranges_.rend(); ++range) {
    if (cid < range->first || cid > range->last) continue;
    return &metrics_[range->metrics + (range->shared ? 0 : static_cast<std::size_t>(cid - range->first))];
  }
  return nullptr;
}

void Font::load_composite(Object descendant, Object encoding, Object to_unicode, bool has_to_unicode,
                          std::size_t max_stream_bytes) {
  composite_ = true;
  default_width_ = 1000;
  const std::string cmap_name = cmap_name_of(encoding);
  load_code_map(cmap_name);
  load_descriptor(entry(descendant, "/FontDescriptor"));
  load_cid_widths(descendant);
  load_cid_texts(descendant, to_unicode, has_to_unicode, cmap_name, max_stream_bytes);
}

void Font::load_code_map(const std::string& cmap_name) {
  if (cmap_name == "Identity-H" || cmap_name == "Identity-V") {
    code_kind_ = CodeKind::two_bytes;
    vertical_ = cmap_name == "Identity-V";
  } else if (cmap_name == "OneByteIdentityH" || cmap_name == "OneByteIdentityV") {
    code_kind_ = CodeKind::one_byte;
    vertical_ = cmap_name == "OneByteIdentityV";
  } else {
    code_kind_ = CodeKind::mapped;
    code_map_ = &CodeMap::named(cmap_name);
    vertical_ = code_map_->vertical();
  }
}

void Font::load_cid_texts(Object descendant, Object to_unicode, bool has_to_unicode,
                          const std::string& cmap_name, std::size_t max_stream_bytes) {
  Object system = entry(descendant, "/CIDSystemInfo");
  const std::string ordering = trimmed_latin1(entry(system, "/Ordering"));
  const std::string collection = trimmed_latin1(entry(system, "/Registry")) + "-" + ordering;
  if (to_unicode.isStream()) {
    unicode_ = read_to_unicode(decoded_stream(to_unicode, max_stream_bytes));
  } else if (has_to_unicode) {
    const std::string map_name = backend::pdf::name(to_unicode).value_or("");
    for (const std::string& text : {ordering, map_name, cmap_name}) {
      identity_text_ |= text.find("Identity") != std::string::npos;
    }
  } else if (collection == "Adobe-Identity" || collection == "Adobe-UCS") {
    Object program = entry(entry(descendant, "/FontDescriptor"), "/FontFile2");
    if (program.isStream()) {
      if (auto map = read_truetype_unicode(decoded_stream(program, max_stream_bytes)))
        unicode_ = std::move(*map);
    }
  } else {
    cid_texts_ = cid_texts(collection, vertical_);
  }
}

void Font::load_cid_widths(Object descendant) {
  if (!vertical_) {
    default_width_ = number_or(entry(descendant, "/DW"), 1000);
    cid_widths_.read_horizontal(entry(descendant, "/W"));
    return;
  }
  default_width_ = -1000;
  const auto defaults = elements(entry(descendant, "/DW2"));
  if (defaults.size() == 2) {
    default_origin_y_ = number_or(defaults[0], 880);
    default_width_ = number_or(defaults[1], -1000);
  }
  cid_widths_.read_vertical(entry(descendant, "/W2"));
}

Glyph Font::make_cid_glyph(std::uint32_t cid) {
  Glyph glyph;
  const std::string* text = unicode_.find(cid);
  if (identity_text_) {
    std::string self;
    append_utf8(self, cid);
    glyph.text = store(std::move(self));
  } else if (cid_texts_) {
    const auto found = cid_texts_->find(cid);
    glyph.text = found != cid_texts_->end() ? std::string_view(found->second) : unknown_text(cid);
  } else {
    glyph.text = text ? store(*text) : unknown_text(cid);
  }
  const CidWidths::Metrics* metrics = cid_widths_.find(cid);
  glyph.width = (metrics && metrics->has_width ? metrics->width : default_width_) * horizontal_scale_;
  glyph.origin_y = metrics ? metrics->origin_y : default_origin_y_;
  glyph.origin_x = metrics ? metrics->origin_x : 0;
  glyph.has_origin_x = metrics != nullptr;
  return glyph;
}

}  // namespace backend::pdf
