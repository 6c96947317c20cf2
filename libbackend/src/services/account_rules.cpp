#include "services/account_rules.h"

#include <backend/settings.h>

#include "services/checks.h"
#include "support/password.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace backend::services {
namespace {

// The head of every published list of leaked passwords, those of eight characters or more, in lower case.
constexpr std::string_view common_passwords[] = {
    "00000000",   "11111111",   "1111111111", "11223344",   "12121212",   "123123123",  "12341234",   "12344321",
    "12345678",   "123456789",  "1234567890", "1234qwer",   "123qweasd",  "1q2w3e4r",   "1q2w3e4r5t", "1qaz2wsx",
    "22222222",   "55555555",   "66666666",   "77777777",   "87654321",   "88888888",   "987654321",  "9876543210",
    "99999999",   "aa123456",   "aaaaaaaa",   "abc12345",   "abcd1234",   "abcdefgh",   "administrator", "admin123",
    "asdasdasd",  "asdf1234",   "asdfasdf",   "asdfghjk",   "asdfghjkl",  "babygirl",   "baseball",   "basketball",
    "changeme",   "charlie1",   "chocolate",  "computer",   "football",   "football1",  "iloveyou",   "iloveyou1",
    "internet",   "jennifer",   "letmein1",   "liverpool",  "lovelove",   "master123",  "michelle",   "mustang1",
    "p@ssw0rd",   "p@ssword",   "pass1234",   "passw0rd",   "password",   "password!",  "password1",  "password12",
    "password123", "princess",  "princess1",  "q1w2e3r4",   "q1w2e3r4t5", "qazwsxedc",  "qwer1234",   "qwerty12",
    "qwerty123",  "qwertyui",   "qwertyuiop", "qwertyqwerty", "samantha", "starwars",   "sunshine",   "superman",
    "test1234",   "testtest",   "trustno1",   "victoria",   "welcome1",   "welcome123", "whatever",   "zaq12wsx",
    "zxcvbnm1",   "zxcvbnm123"};

bool is_common(std::string_view password) {
  std::string low(password);
  std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::find(std::begin(common_passwords), std::end(common_passwords), low) != std::end(common_passwords);
}

}  // namespace

void check_password(std::string_view password, PasswordPolicy policy, const Settings& settings) {
  const bool standard = policy == PasswordPolicy::standard;
  const auto low = standard ? settings.password_min_length : settings.compat_password_min_length;
  const auto size = support::count_code_points(password);
  if (!support::is_valid_utf8(password)) refuse("String should be UTF-8 text", "password");
  if (size < static_cast<std::size_t>(low))
    refuse("String should have at least " + std::to_string(low) + " character" + (low == 1 ? "" : "s"), "password");
  if (standard && size > static_cast<std::size_t>(settings.password_max_length))
    refuse("String should have at most " + std::to_string(settings.password_max_length) + " characters", "password");
  if (password.size() > PasswordHasher::max_password_bytes) refuse("Password should have at most 1024 bytes", "password");
  if (standard && settings.password_refuse_common && is_common(password))
    refuse("Password is one of the best-known; choose another", "password");
}

void check_username(std::string_view username) {
  check_text(username, 3, 50, "username");
  for (const char c : username)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '@')
      refuse("Username should have no spaces, control characters or '@'", "username");
}

void check_full_name(std::string_view name) { check_text(name, 0, 255, "full_name"); }

}  // namespace backend::services
