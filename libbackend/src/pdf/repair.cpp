#include "repair.h"

#include <algorithm>

namespace backend::pdf {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A file whose last revision is cut off ends where the revision before it did.
std::string without_last_revision(std::string_view file) {
  constexpr std::string_view keyword = "startxref";
  const std::size_t found = file.rfind(keyword);
  if (found == std::string_view::npos) return {};
  const std::size_t number = file.find_first_of("0123456789", found);
  if (number == std::string_view::npos || number > found + keyword.size() + 4) return {};
  std::size_t end = number;
  while (end < file.size() && is_digit(file[end])) ++end;
  return std::string(file.substr(0, end)) + "\n%%EOF\n";
}

}  // namespace

std::vector<std::string> repaired_versions(std::string_view file) {
  std::vector<std::string> out = {without_last_revision(file)};
  std::erase(out, std::string());
  return out;
}

bool has_trailer_line(std::string_view file) {
  constexpr std::string_view keyword = "trailer";
  for (std::size_t at = file.find(keyword); at != std::string_view::npos; at = file.find(keyword, at + 1)) {
    if (at == 0 || file[at - 1] == '\n' || file[at - 1] == '\r') return true;
  }
  return false;
}

}  // namespace backend::pdf
