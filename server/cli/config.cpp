#include <algorithm>
#include <iomanip>
#include <iostream>

#include "cli/commands.h"

namespace backend::server::cli {

int show_config(const LoadedSettings& loaded) {
  std::size_t widest = 0, longest = 0;
  for (const auto& row : loaded.report) {
    widest = std::max(widest, row.name.size());
    longest = std::max(longest, row.value.size());
  }
  longest = std::min<std::size_t>(longest, 48);
  for (const auto& row : loaded.report) {
    std::cout << std::left << std::setw(int(widest) + 2) << row.name << std::setw(int(longest) + 2) << row.value
              << to_string(row.origin) << '\n';
  }
  return 0;
}

}  // namespace backend::server::cli
