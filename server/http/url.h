#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backend::server {

/// `%41` becomes `A`; what is no escape stays as it is.
std::string percent_decoded(std::string_view text);

/// RFC 3986 pchar and "/" stay, the rest is escaped.
std::string percent_encoded(std::string_view text);

/// Name and value pairs of a query or of a form (application/x-www-form-urlencoded): UTF-8, repaired.
class Parameters {
 public:
  Parameters() = default;
  static Parameters parse(std::string_view text);

  /// The last value of that name, as FastAPI takes it; nullptr when there is none.
  const std::string* find(std::string_view name) const noexcept;
  auto begin() const noexcept { return pairs_.begin(); }
  auto end() const noexcept { return pairs_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace backend::server
