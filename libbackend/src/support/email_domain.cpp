#include "support/email_domain.h"

#include "support/punycode.h"
#include "support/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace backend::support::email {
namespace {

constexpr std::size_t max_domain = 253;  // RFC 1035 §2.3.4, without the root label
constexpr std::size_t max_label = 63;    // RFC 1035 §2.3.1

// RFC 6761 and 6762, RFC 7686: none of them has publicly deliverable mail.
constexpr std::string_view special_domains[] = {"arpa", "invalid", "local", "localhost", "onion", "test"};

char category_of(char32_t c) { return utf8proc_category_string(static_cast<utf8proc_int32_t>(c))[0]; }

bool is_ascii_alnum(char32_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_hostname_character(char32_t c) { return is_ascii_alnum(c) || c == '-' || c == '.' || c >= 0x80; }

const char* name_of(char32_t c) {
  switch (c) {
    case 0x20: return "SPACE";
    case 0xA0: return "NO-BREAK SPACE";
    case 0xAD: return "SOFT HYPHEN";
    case 0x200B: return "ZERO WIDTH SPACE";
    case 0x200C: return "ZERO WIDTH NON-JOINER";
    case 0x200D: return "ZERO WIDTH JOINER";
    case 0x200E: return "LEFT-TO-RIGHT MARK";
    case 0x200F: return "RIGHT-TO-LEFT MARK";
    case 0x2028: return "LINE SEPARATOR";
    case 0x2029: return "PARAGRAPH SEPARATOR";
    case 0x202E: return "RIGHT-TO-LEFT OVERRIDE";
    case 0x3000: return "IDEOGRAPHIC SPACE";
    case 0xFEFF: return "ZERO WIDTH NO-BREAK SPACE";
    default: return nullptr;
  }
}

std::string characters_too_many(std::size_t size, std::size_t limit) {
  return "(" + std::to_string(size - limit) + " character" + (size - limit > 1 ? "s" : "") + " too many)";
}

void check_hostname_characters(std::u32string_view domain, const char* when) {
  std::set<std::string> bad;
  for (char32_t c : domain)
    if (!is_hostname_character(c)) bad.insert(display(c));
  if (!bad.empty()) throw Refused(std::string("The part after the @-sign contains invalid characters") + when + ": " + join(bad) + ".");
}

// UTS #46, non-transitional, near enough: lower case, NFKC, the ideographic full stops are dots.
std::u32string mapped(std::u32string_view domain) {
  std::u32string low;
  for (char32_t c : domain) {
    if (c == 0x3002 || c == 0xFF0E || c == 0xFF61) low += U'.';
    else if (c == 0x130) low += U"i\u0307";
    else low += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
  }
  const auto normal = to_nfkc(to_utf8(low));
  return normal ? to_utf32(*normal) : low;
}

std::vector<std::u32string> labels_of(std::u32string_view domain) {
  std::vector<std::u32string> labels;
  for (;;) {
    const auto dot = domain.find(U'.');
    labels.emplace_back(domain.substr(0, dot));
    if (dot == domain.npos) return labels;
    domain.remove_prefix(dot + 1);
  }
}

void check_hyphens(std::u32string_view domain) {
  if (domain.ends_with(U'-')) throw Refused("An email address cannot end with a hyphen.");
  if (domain.starts_with(U'-')) throw Refused("An email address cannot have a hyphen immediately after the @-sign.");
  if (domain.find(U".-") != domain.npos || domain.find(U"-.") != domain.npos)
    throw Refused("An email address cannot have a period and a hyphen next to each other.");
}

/// A label as Python's repr() shows it: what has no glyph is escaped.
std::string quoted(std::u32string_view label) {
  std::string out = "'";
  for (char32_t c : label) {
    const char kind = category_of(c);
    if (kind != 'C' && kind != 'Z') {
      out += to_utf8(std::u32string_view(&c, 1));
      continue;
    }
    char code[16];
    std::snprintf(code, sizeof code, c <= 0xFF ? "\\x%02x" : c <= 0xFFFF ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(c));
    out += code;
  }
  return out + "'";
}

bool is_punycode(std::u32string_view label) { return label.starts_with(U"xn--"); }

// IDNA 2008 lets letters, marks and digits into a label (RFC 5892). Its rules on direction are not checked.
void check_idna(std::u32string_view label, const std::string& fault) {
  for (std::size_t i = 0; i < label.size(); ++i) {
    const char kind = category_of(label[i]);
    if (label[i] < 0x80 || kind == 'L' || kind == 'M' || kind == 'N') continue;
    char code[16];
    std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(label[i]));
    throw Refused(fault + " (Codepoint " + code + " at position " + std::to_string(i + 1) + " of " + quoted(label) +
                  " not allowed).");
  }
}

std::string ascii_label(const std::u32string& label) {
  if (std::all_of(label.begin(), label.end(), [](char32_t c) { return c < 0x80; })) return to_utf8(label);
  if (is_punycode(label)) throw Refused("The part after the @-sign is invalid (Label has disallowed hyphens in 3rd and 4th position).");
  check_idna(label, "The part after the @-sign is invalid");
  const auto encoded = punycode_encode(label);
  if (!encoded || encoded->size() + 4 > max_label) throw Refused("The part after the @-sign is invalid (Label too long).");
  return "xn--" + *encoded;
}

// An A-label must stand for exactly the label that would be written so: no second spelling of a domain.
std::string unicode_label(const std::string& ascii) {
  if (!ascii.starts_with("xn--")) return ascii;
  const std::string fault = "The part after the @-sign is not valid IDNA";
  const auto label = punycode_decode(std::string_view(ascii).substr(4));
  if (!label || label->empty()) throw Refused(fault + " (Invalid A-label).");
  check_idna(*label, fault);
  if (mapped(*label) != *label || ascii_label(*label) != ascii) throw Refused(fault + " (Invalid A-label).");
  return to_utf8(*label);
}

void check_deliverable(const std::string& ascii) {
  if (ascii.find('.') == ascii.npos) throw Refused("The part after the @-sign is not valid. It should have a period.");
  if (!is_ascii_alnum(static_cast<unsigned char>(ascii.back())) || (ascii.back() >= '0' && ascii.back() <= '9'))
    throw Refused("The part after the @-sign is not valid. It is not within a valid top-level domain.");
  for (std::string_view special : special_domains)
    if (ascii.ends_with(special) && (ascii.size() == special.size() || ascii[ascii.size() - special.size() - 1] == '.'))
      throw Refused("The part after the @-sign is a special-use or reserved name that cannot be used with email.");
}

}  // namespace

std::string display(char32_t c) {
  if (c == '\'') return "\"'\"";
  if (c == '\\') return "\"\\\"";
  const char kind = category_of(c);
  if (kind == 'L' || kind == 'N' || kind == 'P' || kind == 'S') return "'" + to_utf8(std::u32string_view(&c, 1)) + "'";
  if (const char* name = name_of(c)) return name;
  char code[16];
  std::snprintf(code, sizeof code, c < 0xFFFF ? "U+%04X" : "U+%08X", static_cast<unsigned>(c));
  return code;
}

std::string join(const std::set<std::string>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

void check_unsafe(std::u32string_view text, bool allow_space) {
  std::set<char32_t> bad;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(text[i]));
    const char kind = category_of(text[i]);
    const bool mark_in_front = kind == 'M' && i == 0;
    const bool space = category == UTF8PROC_CATEGORY_ZS;
    if (mark_in_front || kind == 'C' || (kind == 'Z' && !(space && allow_space))) bad.insert(text[i]);
  }
  if (bad.empty()) return;
  std::string shown;
  for (char32_t c : bad) shown += (shown.empty() ? "" : ", ") + display(c);
  throw Refused("The email address contains unsafe characters: " + shown + ".");
}

void check_periods(std::u32string_view text, const char* at_start, const char* at_end) {
  if (text.ends_with(U'.')) throw Refused(at_end);
  if (text.starts_with(U'.')) throw Refused(at_start);
  if (text.find(U"..") != text.npos) throw Refused("An email address cannot have two periods in a row.");
}

std::string normal_domain(std::u32string_view given) {
  if (given.starts_with(U'[') && given.ends_with(U']'))
    throw Refused("A bracketed IP address after the @-sign is not allowed here.");
  if (given.size() > max_domain)
    throw Refused("The email address is too long after the @-sign " + characters_too_many(given.size(), max_domain) + ".");
  check_hostname_characters(given, "");
  check_unsafe(given, false);
  const auto domain = mapped(given);
  check_hostname_characters(domain, " after Unicode normalization");
  check_periods(domain, "An email address cannot have a period immediately after the @-sign.",
                "An email address cannot end with a period.");
  check_hyphens(domain);

  std::string ascii, unicode;
  const auto labels = labels_of(domain);
  for (const auto& label : labels)
    if (label.size() >= 4 && label.substr(2, 2) == U"--" && !is_punycode(label))
      throw Refused(
          "An email address cannot have two letters followed by two dashes immediately after the @-sign or after a period, "
          "except Punycode.");
  for (const auto& label : labels) ascii += (ascii.empty() ? "" : ".") + ascii_label(label);
  if (ascii.size() > max_domain)
    throw Refused("The email address is too long after the @-sign (" + std::to_string(ascii.size() - max_domain) + " byte" +
                  (ascii.size() - max_domain == 1 ? "" : "s") + " too many after IDNA encoding).");
  for (const auto& label : labels)
    if (label.size() > max_label)
      throw Refused("After the @-sign, periods cannot be separated by so many characters " +
                    characters_too_many(label.size(), max_label) + ".");
  check_deliverable(ascii);
  for (const auto& label : labels) unicode += (unicode.empty() ? "" : ".") + unicode_label(ascii_label(label));
  return unicode;
}

}  // namespace backend::support::email
