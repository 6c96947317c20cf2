#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace backend::pdf {

/// What the codes (simple fonts) or CIDs (composite fonts) of a font mean.
class UnicodeMap {
 public:
  const std::string* find(std::uint32_t code) const {
    const auto found = texts_.find(code);
    return found == texts_.end() ? nullptr : &found->second;
  }

  /// Later entries win, except that a no-break space does not replace a space.
  void add(std::uint32_t code, std::string text);

  bool empty() const { return texts_.empty(); }

 private:
  std::unordered_map<std::uint32_t, std::string> texts_;
};

/// Codes beyond this are never shown: strings have codes of two bytes and predefined CMaps CIDs of two.
constexpr std::uint32_t max_code = 0xFFFF;

/// Reads a ToUnicode CMap (ISO 32000-1, 9.10.3).
UnicodeMap read_to_unicode(std::string_view cmap);

}  // namespace backend::pdf
