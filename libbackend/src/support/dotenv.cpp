#include "support/dotenv.h"

#include "support/utf8.h"

#include <backend/error.h>

#include <fstream>
#include <sstream>

namespace backend::support {
namespace {

[[noreturn]] void refuse(int line, const std::string& why, std::string field = {}) {
  throw Error(ErrorCode::invalid, ".env line " + std::to_string(line) + ": " + why, std::move(field));
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (char c : name)
    if (c != '_' && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) return false;
  return true;
}

char unescaped(char c, const DotenvLine& at) {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case '\\':
    case '"':
    case '\'':
    case '$': return c;
    default: refuse(at.line, "unknown escape in quotes; allowed are \\n \\t \\r \\\\ \\\" \\$", at.name);
  }
}

// `text` begins with the quote; what follows the closing one may only be a comment.
std::string quoted_value(std::string_view text, const DotenvLine& at) {
  const char quote = text[0];
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      const auto rest = trim(text.substr(i + 1));
      if (!rest.empty() && rest[0] != '#') refuse(at.line, "text after the closing quote", at.name);
      return value;
    }
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    if (escape && quote == '"') value += unescaped(text[++i], at);
    else if (escape && (text[i + 1] == '\'' || text[i + 1] == '\\')) value += text[++i];
    else value += text[i];
  }
  refuse(at.line, "the closing quote is missing (values cannot span lines; write \\n in double quotes)", at.name);
}

std::string plain_value(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '#' && (i == 0 || is_blank(text[i - 1]))) text = text.substr(0, i);
  return std::string(trim(text));
}

DotenvLine parse_line(std::string_view text, int number) {
  if (text.starts_with("export ") || text.starts_with("export\t")) text = trim(text.substr(7));
  const auto equals = text.find('=');
  if (equals == text.npos) refuse(number, "expected NAME=value");
  DotenvLine line{std::string(trim(text.substr(0, equals))), {}, number};
  if (!is_name(line.name)) refuse(number, "a name has letters, digits and underscores");
  const auto value = trim(text.substr(equals + 1));
  const bool quoted = !value.empty() && (value[0] == '"' || value[0] == '\'');
  line.value = quoted ? quoted_value(value, line) : plain_value(value);
  return line;
}

}  // namespace

std::vector<DotenvLine> parse_dotenv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<DotenvLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find('\0') != line.npos || !is_valid_utf8(line)) refuse(number, "not UTF-8 text");
    line = trim(line);
    if (!line.empty() && line[0] != '#') lines.push_back(parse_line(line, number));
  }
  return lines;
}

std::vector<DotenvLine> read_dotenv(const std::filesystem::path& file) {
  std::error_code fault;
  if (file.empty() || !std::filesystem::exists(file, fault)) return {};
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!std::filesystem::is_regular_file(file, fault) || !(text << in.rdbuf()).good()) {
    if (std::filesystem::is_regular_file(file, fault) && std::filesystem::file_size(file, fault) == 0) return {};
    throw Error(ErrorCode::invalid, "cannot read " + file.string());
  }
  return parse_dotenv(text.str());
}

}  // namespace backend::support
