#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace backend::server {

/// One reason why a request's input is refused, with pydantic v2's `type` and `msg`.
struct Fault {
  using Step = std::variant<std::string, std::int64_t>;
  std::string type;
  std::vector<Step> loc;
  std::string msg;
  std::string input = "null";  ///< JSON text
  std::string ctx;             ///< JSON text; empty: none
};

using Faults = std::vector<Fault>;

/// {"detail":[...]}
std::string faults_json(const Faults& faults);

/// All that is wrong with a request: answered 422.
struct InvalidRequest {
  Faults faults;
};

}  // namespace backend::server
