#pragma once
#include <set>
#include <string>
#include <string_view>

/// The domain half of checking an e-mail address, and what both halves share.
namespace backend::support::email {

/// Thrown inside the checker only.
struct Refused {
  explicit Refused(std::string why) : reason(std::move(why)) {}
  std::string reason;
};

/// A character as Python's email-validator shows it: quoted when visible, else its name or number.
std::string display(char32_t c);
std::string join(const std::set<std::string>& items);

/// Refuses controls, separators, unassigned characters and a leading combining mark.
void check_unsafe(std::u32string_view text, bool allow_space);
void check_periods(std::u32string_view text, const char* at_start, const char* at_end);

/// The domain in lower case, Unicode form. Throws Refused.
std::string normal_domain(std::u32string_view domain);

}  // namespace backend::support::email
