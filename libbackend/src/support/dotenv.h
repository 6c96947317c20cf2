#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace backend::support {

struct DotenvLine {
  std::string name, value;
  int line = 0;
};

/// Reads the text of a .env file: NAME=value lines, `export` allowed, comments, 'literal' and "escaped" quotes, CRLF and
/// a byte order mark. A value never spans lines and `$` means nothing.
/// Throws Error invalid; field() is the name on the line, or empty.
std::vector<DotenvLine> parse_dotenv(std::string_view text);

/// The same for a file; nothing when there is none. Throws Error invalid when it cannot be read.
std::vector<DotenvLine> read_dotenv(const std::filesystem::path& file);

}  // namespace backend::support
