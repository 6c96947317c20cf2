#include "http/content_disposition.h"

#include "http/utf8.h"

namespace backend::server {

std::string attachment(std::string_view filename) {
  constexpr std::string_view attr_char = "!#$&+-.^_`|~";  // RFC 8187 §3.2.1, besides letters and digits
  constexpr char digits[] = "0123456789ABCDEF";
  std::string plain, extended;
  for (std::size_t i = 0; i < filename.size();) {
    const std::size_t n = std::max<std::size_t>(1, utf8_sequence(filename.substr(i)));
    const char c = filename[i];
    // "%" would be decoded by some browsers; a backslash or quote would end the quoted string.
    const bool safe = n == 1 && c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%' && c != '/';
    plain += safe ? c : '_';
    i += n;
  }
  for (const char c : utf8_repaired(filename)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alphanumeric || attr_char.find(c) != std::string_view::npos)
      extended += c;
    else
      extended.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + extended;
}

}  // namespace backend::server
