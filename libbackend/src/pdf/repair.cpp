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

/// The `N G` of the object around a position.
std::string object_around(std::string_view file, std::size_t position) {
  const std::size_t keyword = file.rfind(" obj", position);
  if (keyword == std::string_view::npos) return {};
  std::size_t start = keyword;
  for (int part = 0; part < 2; ++part) {
    while (start > 0 && file[start - 1] == ' ') --start;
    while (start > 0 && is_digit(file[start - 1])) --start;
  }
  return std::string(file.substr(start, keyword - start));
}

std::string with_trailer(std::string_view file) {
  std::size_t catalog = file.rfind("/Catalog");
  if (catalog == std::string_view::npos) return {};
  const std::string id = object_around(file, catalog);
  if (id.size() < 3 || !is_digit(id.front())) return {};
  return std::string(file) + "\ntrailer\n<< /Root " + id + " R /Size 1 >>\nstartxref\n0\n%%EOF\n";
}

}  // namespace

std::vector<std::string> repaired_versions(std::string_view file) {
  std::vector<std::string> out = {without_last_revision(file), with_trailer(file)};
  std::erase(out, std::string());
  return out;
}

}  // namespace backend::pdf
