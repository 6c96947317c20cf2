#pragma once
#include <string>
#include <string_view>

namespace backend::server {

/// `attachment` with the file's name in both forms of RFC 6266: an ASCII stand-in, and RFC 8187's filename*.
std::string attachment(std::string_view filename);

}  // namespace backend::server
