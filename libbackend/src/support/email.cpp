#include <backend/email.h>

#include "support/email_domain.h"
#include "support/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace backend {
namespace {

using support::email::Refused;
using support::email::display;
using support::email::join;

// pydantic limits the whole text, whatever it holds, before anything else.
constexpr std::size_t max_text = 2048;
constexpr std::size_t max_address_bytes = 254;

bool is_atom_character(char32_t c) {
  static constexpr std::u32string_view marks = U"_!#$%&'*+-/=?^`{|}~";
  return c >= 0x80 || (c < 0x80 && std::isalnum(static_cast<int>(c))) || marks.find(c) != marks.npos;
}

bool is_space(char32_t c) { return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F) || c == 0x85 || c == 0xA0 || c == 0x3000; }

std::u32string_view strip(std::u32string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// "Jane Doe <jane@example.com>" and "<jane@example.com>" stand for the address in brackets.
std::u32string_view without_display_name(std::u32string_view text) {
  const auto stripped = strip(text);
  const auto open = stripped.find(U'<');
  if (open == stripped.npos || stripped.back() != '>' || stripped.size() - open < 3) return text;
  const auto name = strip(stripped.substr(0, open));
  const bool quoted = name.size() > 2 && name.front() == '"' && name.back() == '"';
  const bool plain = std::all_of(name.begin(), name.end(), [](char32_t c) { return c == '.' || is_space(c) || is_atom_character(c); });
  if (!quoted && !plain) return text;
  return stripped.substr(open + 1, stripped.size() - open - 2);
}

struct Parts {
  std::u32string local, domain;
  bool quoted = false;
};

// Where the first unquoted '@' or '<' stands.
std::size_t find_separator(std::u32string_view text) {
  bool quoted = false, escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (quoted) {
      if (c == '"' && !escaped) quoted = false;
      escaped = c == '\\' && !escaped;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '@' || c == '<') {
      return i;
    }
  }
  return text.npos;
}

std::u32string unquote(std::u32string_view text, bool& quoted) {
  quoted = text.starts_with(U'"');
  if (!quoted) return std::u32string(text);
  std::u32string out;
  bool escaped = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (!escaped && text[i] == '\\') {
      escaped = true;
      continue;
    }
    if (!escaped && text[i] == '"') {
      if (i + 1 == text.size()) break;
      std::string extra;
      for (char32_t c : text.substr(i + 1)) extra += (extra.empty() ? "" : ", ") + display(c);
      throw Refused("Extra character(s) found after close quote: " + extra);
    }
    escaped = false;
    out += text[i];
  }
  return out;
}

Parts split(std::u32string_view text) {
  const auto at = find_separator(text);
  if (at == text.npos) {
    if (text.find(U'\uFF20') != text.npos)
      throw Refused("The email address has the \"full-width\" at-sign (@) character instead of a regular at-sign.");
    if (text.find(U'\uFE6B') != text.npos)
      throw Refused("The email address has the \"small commercial at\" character instead of a regular at-sign.");
    throw Refused("An email address must have an @-sign.");
  }
  if (text[at] == '<') {
    if (text.find(U'>', at) == text.npos)
      throw Refused("An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.");
    if (text.back() != '>') throw Refused("There can't be anything after the email address.");
    throw Refused("A display name and angle brackets around the email address are not permitted here.");
  }
  Parts parts;
  parts.local = unquote(text.substr(0, at), parts.quoted);
  parts.domain = text.substr(at + 1);
  return parts;
}

bool is_dot_atom(std::u32string_view local) {
  if (local.front() == '.' || local.back() == '.' || local.find(U"..") != local.npos) return false;
  return std::all_of(local.begin(), local.end(), [](char32_t c) { return c == '.' || is_atom_character(c); });
}

void check_local(std::u32string_view local, bool quoted) {
  if (local.empty()) throw Refused("There must be something before the @-sign.");
  if (is_dot_atom(local)) return support::email::check_unsafe(local, false);
  std::set<std::string> bad;
  for (char32_t c : local)
    if (quoted ? c < 0x20 || c == 0x7F : c != '.' && !is_atom_character(c)) bad.insert(display(c));
  if (!bad.empty())
    throw Refused(std::string("The email address contains invalid characters ") + (quoted ? "in quotes " : "") +
                  "before the @-sign: " + join(bad) + ".");
  if (quoted) return support::email::check_unsafe(local, true);
  support::email::check_periods(local, "An email address cannot start with a period.",
                                "An email address cannot have a period immediately before the @-sign.");
}

std::string too_long(const std::string& address) {
  const auto over = address.size() - max_address_bytes;
  const auto plural = over > 1 ? "s" : "";
  if (support::count_code_points(address) == address.size())
    return "The email address is too long (" + std::to_string(over) + " character" + plural + " too many).";
  std::size_t widest = 1;
  for (unsigned char c : address) widest = std::max<std::size_t>(widest, c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1);
  return "The email address is too long (" + std::to_string(std::max<std::size_t>(1, over / widest)) + "-" +
         std::to_string(over) + " character" + plural + " too many).";
}

// RFC 2142: these mailboxes are the same in any case.
std::string normal_local(const std::string& local) {
  static constexpr std::string_view roles[] = {"info",       "marketing",  "sales",  "support", "abuse",
                                               "noc",        "security",   "postmaster", "hostmaster", "usenet",
                                               "news",       "webmaster",  "www",    "uucp",    "ftp"};
  std::string low = local;
  std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::find(std::begin(roles), std::end(roles), low) != std::end(roles) ? low : local;
}

EmailCheck checked(std::u32string_view text) {
  if (text.size() > max_text) throw Refused("Length must not exceed 2048 characters");
  if (text.find_first_of(U"\r\n") != text.npos) throw Refused("Carriage return and line feed characters are not allowed");
  text = strip(without_display_name(text));
  const auto parts = split(text);
  check_local(parts.local, parts.quoted);
  const auto local = support::to_nfc(support::to_utf8(parts.local)).value_or(support::to_utf8(parts.local));
  if (parts.quoted) throw Refused("Quoting the part before the @-sign is not allowed here.");
  if (parts.domain.empty()) throw Refused("There must be something after the @-sign.");
  EmailCheck check;
  check.address = support::to_utf8(text);
  check.normalized = normal_local(local) + "@" + support::email::normal_domain(parts.domain);
  for (const auto& address : {check.address, check.normalized})
    if (address.size() > max_address_bytes) throw Refused(too_long(address));
  check.valid = true;
  return check;
}

}  // namespace

EmailCheck check_email(std::string_view text) {
  EmailCheck refused;
  if (!support::is_valid_utf8(text)) {
    refused.reason = "The email address contains an invalid character.";
    return refused;
  }
  try {
    return checked(support::to_utf32(text));
  } catch (const Refused& why) {
    refused.reason = why.reason;
    return refused;
  }
}

bool is_valid_email(std::string_view text, std::string* reason) {
  auto check = check_email(text);
  if (reason) *reason = std::move(check.reason);
  return check.valid;
}

}  // namespace backend
