#pragma once
#include <cstddef>
#include <string>

namespace backend::support {

/// `count` bytes from the operating system's generator. Throws Error internal when it has none.
std::string random_bytes(std::size_t count);

}  // namespace backend::support
