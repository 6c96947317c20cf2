#include "packed_tables.h"

#include <zlib.h>

#include <bit>
#include <map>

extern "C" {
extern const char backend_pdf_tables[];
extern const char backend_pdf_tables_end[];
}

namespace backend::pdf {
namespace {

struct Section {
  std::uint32_t offset = 0, packed_size = 0, raw_size = 0;
};

std::string_view archive() {
  return {backend_pdf_tables, static_cast<std::size_t>(backend_pdf_tables_end - backend_pdf_tables)};
}

const std::map<std::string_view, Section>& directory() {
  static const auto sections = [] {
    std::map<std::string_view, Section> out;
    TableReader reader(archive());
    for (std::uint32_t left = reader.u32(); left > 0; --left) {
      const std::string_view name = reader.text();
      Section& section = out[name];
      section.offset = reader.u32();
      section.packed_size = reader.u32();
      section.raw_size = reader.u32();
    }
    return out;
  }();
  return sections;
}

}  // namespace

std::optional<std::string> packed_section(std::string_view name) {
  const auto found = directory().find(name);
  if (found == directory().end()) return std::nullopt;
  const Section& section = found->second;
  std::string raw(section.raw_size, '\0');
  uLongf size = section.raw_size;
  const auto* packed = reinterpret_cast<const Bytef*>(archive().data() + section.offset);
  if (uncompress(reinterpret_cast<Bytef*>(raw.data()), &size, packed, section.packed_size) != Z_OK)
    return std::nullopt;
  return raw;
}

std::uint16_t TableReader::u16() {
  const unsigned low = u8();
  return static_cast<std::uint16_t>(low | static_cast<unsigned>(u8()) << 8);
}

std::uint32_t TableReader::u32() {
  const std::uint32_t low = u16();
  return low | static_cast<std::uint32_t>(u16()) << 16;
}

double TableReader::f64() {
  const std::uint64_t low = u32();
  return std::bit_cast<double>(low | static_cast<std::uint64_t>(u32()) << 32);
}

std::uint32_t TableReader::varint() {
  std::uint32_t value = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    const std::uint8_t byte = u8();
    value |= static_cast<std::uint32_t>(byte & 0x7F) << (shift & 31);
    if (byte < 0x80) break;
  }
  return value;
}

std::int32_t TableReader::zigzag() {
  const std::uint32_t value = varint();
  return static_cast<std::int32_t>(value >> 1) ^ -static_cast<std::int32_t>(value & 1);
}

std::string_view TableReader::text() {
  const std::size_t size = u8();
  const std::string_view out = bytes_.substr(std::min(pos_, bytes_.size()), size);
  pos_ += size;
  return out;
}

}  // namespace backend::pdf
