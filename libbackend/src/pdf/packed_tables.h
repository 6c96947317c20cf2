#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backend::pdf {

/// The raw bytes of a section of the tables that tables/generate.py made, or nullopt. Inflates on every call.
std::optional<std::string> packed_section(std::string_view name);

/// Reads the parts of a section. The tables are our own, so nothing is checked but the end.
class TableReader {
 public:
  explicit TableReader(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return pos_ >= bytes_.size(); }
  std::uint8_t u8() { return pos_ < bytes_.size() ? static_cast<std::uint8_t>(bytes_[pos_++]) : 0; }
  std::uint16_t u16();
  std::uint32_t u32();
  double f64();
  std::uint32_t varint();
  std::int32_t zigzag();
  std::string_view text();

 private:
  std::string_view bytes_;
  std::size_t pos_ = 0;
};

}  // namespace backend::pdf
