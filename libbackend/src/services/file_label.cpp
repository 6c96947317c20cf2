#include "services/file_label.h"

#include "services/checks.h"

namespace backend::services {
namespace {

constexpr std::size_t max_length = 255;
constexpr std::u32string_view ending = U".pdf";

bool is_unfit(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
  return control || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string file_label(std::string_view filename, NamePolicy policy) {
  if (!support::is_valid_utf8(filename)) refuse("File name should be UTF-8 text", "file");
  const auto slash = filename.find_last_of("/\\");
  if (slash != filename.npos) filename.remove_prefix(slash + 1);
  std::u32string name;
  for (char32_t c : support::to_utf32(filename))
    if (!is_unfit(c)) name += c;
  if (name.empty()) refuse("File name is required", "file");
  if (!support::lower(name).ends_with(ending)) refuse("Only PDF files are allowed", "file");
  if (name.size() > max_length) {
    if (policy == NamePolicy::refuse_long) refuse("File name should have at most 255 characters", "file");
    name.erase(max_length - ending.size(), name.size() - max_length);
  }
  return support::to_utf8(name);
}

}  // namespace backend::services
