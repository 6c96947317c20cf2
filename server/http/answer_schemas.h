#pragma once
#include <string_view>

namespace backend::server {

/// The JSON Schemas of what the API answers, as one JSON object: components/schemas of the OpenAPI document.
std::string_view answer_schemas() noexcept;

}  // namespace backend::server
