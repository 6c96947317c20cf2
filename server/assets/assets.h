#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace backend::server {

/// A file that is part of the executable, gzip-compressed.
struct Asset {
  std::string_view name;
  std::string_view media_type;
  std::string_view etag;  ///< with its quotes
  std::string_view gzip;
  std::size_t size = 0;  ///< uncompressed
};

/// Nullptr when there is none of that name.
const Asset* find_asset(std::string_view name) noexcept;

std::string inflated(const Asset& asset);

}  // namespace backend::server
