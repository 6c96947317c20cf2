#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace backend::server {

/// A file that is embedded in the program. Lives as long as it.
struct Asset {
  std::string_view name;  ///< "swagger-ui.css"
  std::string_view content_type;
  std::span<const std::byte> gzip;  ///< RFC 1952
  std::size_t size = 0;             ///< bytes when inflated
  std::string_view etag;            ///< strong, with its quotes, of the inflated content
};

/// nullptr when there is none of that name.
const Asset* find_asset(std::string_view name) noexcept;

}  // namespace backend::server
