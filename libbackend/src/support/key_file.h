#pragma once
#include <filesystem>
#include <string>

namespace backend::support {

/// The key in `file`, which is made on the first call: 32 random bytes as base64url, mode 0600. Of processes that start at
/// the same time, one makes it and all read it. Throws Error unavailable (disk), invalid ("SECRET_KEY": a file that was
/// cut short or can be read by others).
std::string load_or_make_key(const std::filesystem::path& file);

}  // namespace backend::support
