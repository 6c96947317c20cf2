#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace backend::pdf {

/// A predefined CMap (ISO 32000-1, 9.7.5.2): from the bytes of a string to CIDs. Immutable.
class CodeMap {
 public:
  bool vertical() const { return vertical_; }

  /// Calls `found(cid)` for each code in `bytes`. A byte that continues no code is dropped with what came
  /// before it.
  template <class Found>
  void decode(std::string_view bytes, Found&& found) const {
    std::size_t node = 0;
    for (const char c : bytes) {
      const std::int32_t next = nodes_[node][static_cast<unsigned char>(c)];
      node = next > 0 ? static_cast<std::size_t>(next) : 0;
      if (next < 0) found(static_cast<std::uint32_t>(~next));
    }
  }

  /// An unknown name gives an empty map, which decodes nothing.
  static const CodeMap& named(std::string_view name);

 private:
  void load(std::string_view section);
  void put(std::uint32_t code, int length, std::uint32_t cid);

  /// For each byte: 0 nothing, > 0 the node of the next byte, < 0 the complement of a CID.
  using Node = std::array<std::int32_t, 256>;
  std::vector<Node> nodes_{Node{}};
  bool vertical_ = false;
};

/// Text of the CIDs of a character collection ("Adobe-Japan1").
using CidTexts = std::unordered_map<std::uint32_t, std::string>;

/// nullptr for a collection without a table.
const CidTexts* cid_texts(std::string_view collection, bool vertical);

}  // namespace backend::pdf
