#include "support/json.h"

#include <set>
#include <string>
#include <vector>

namespace backend::support {

std::optional<nlohmann::json> parse_json(std::string_view text, int max_depth) {
  using Event = nlohmann::json::parse_event_t;
  std::vector<std::set<std::string>> names;
  bool refused = false;
  const auto watch = [&](int depth, Event event, nlohmann::json& value) {
    if (event == Event::object_start || event == Event::array_start) refused |= depth >= max_depth;
    if (event == Event::object_start) names.emplace_back();
    if (event == Event::object_end && !names.empty()) names.pop_back();
    if (event == Event::key) refused |= !names.back().insert(value.get<std::string>()).second;
    return true;
  };
  auto value = nlohmann::json::parse(text, watch, false);
  if (refused || value.is_discarded()) return std::nullopt;
  return value;
}

}  // namespace backend::support
