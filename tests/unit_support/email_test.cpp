#include <backend/email.h>

#include <gtest/gtest.h>

#include <string>

namespace backend {
namespace {

using namespace std::string_literals;

struct Case {
  std::string text;
  std::string normalized;  ///< empty: refused
  std::string reason;
};

// What pydantic's EmailStr answers (pydantic 2.14, email-validator 2.4).
const Case cases[] = {
    {"", "", "An email address must have an @-sign."},
    {"a", "", "An email address must have an @-sign."},
    {"a@", "", "There must be something after the @-sign."},
    {"@b.com", "", "There must be something before the @-sign."},
    {"a@b", "", "The part after the @-sign is not valid. It should have a period."},
    {"a@b.c", "a@b.c", ""},
    {"a@b.com", "a@b.com", ""},
    {"a b@c.com", "", "The email address contains invalid characters before the @-sign: SPACE."},
    {".a@b.com", "", "An email address cannot start with a period."},
    {"a.@b.com", "", "An email address cannot have a period immediately before the @-sign."},
    {"a..b@c.com", "", "An email address cannot have two periods in a row."},
    {"a@b..com", "", "An email address cannot have two periods in a row."},
    {"a@.b.com", "", "An email address cannot have a period immediately after the @-sign."},
    {"a@b.com.", "", "An email address cannot end with a period."},
    {"a@-b.com", "", "An email address cannot have a hyphen immediately after the @-sign."},
    {"a@b-.com", "", "An email address cannot have a period and a hyphen next to each other."},
    {"a@b.com-", "", "An email address cannot end with a hyphen."},
    {"a@b.c-.com", "", "An email address cannot have a period and a hyphen next to each other."},
    {"a@@b.com", "", "The part after the @-sign contains invalid characters: '@'."},
    {"a@b@c.com", "", "The part after the @-sign contains invalid characters: '@'."},
    {"a@b_c.com", "", "The part after the @-sign contains invalid characters: '_'."},
    {"a@localhost", "", "The part after the @-sign is not valid. It should have a period."},
    {"a@x.local", "", "The part after the @-sign is a special-use or reserved name that cannot be used with email."},
    {"a@x.test", "", "The part after the @-sign is a special-use or reserved name that cannot be used with email."},
    {"a@example.com", "a@example.com", ""},
    {"\"a b\"@c.com", "", "Quoting the part before the @-sign is not allowed here."},
    {"\"a\"@c.com", "", "Quoting the part before the @-sign is not allowed here."},
    {"a@[127.0.0.1]", "", "A bracketed IP address after the @-sign is not allowed here."},
    {"a@b.123", "", "The part after the @-sign is not valid. It is not within a valid top-level domain."},
    {"a@b.c1", "", "The part after the @-sign is not valid. It is not within a valid top-level domain."},
    {"\303\274@b.com", "\303\274@b.com", ""},
    {"a@\303\274.com", "a@\303\274.com", ""},
    {"a@xn--tda.com", "a@\303\274.com", ""},
    {"a@ab--c.com", "", "An email address cannot have two letters followed by two dashes immediately after the @-sign or after a period, except Punycode."},
    {"Name <a@b.com>", "a@b.com", ""},
    {"<a@b.com>", "a@b.com", ""},
    {" a@b.com ", "a@b.com", ""},
    {"a@b.com\012", "", "Carriage return and line feed characters are not allowed"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.com", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.com", ""},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.com", "", "The email address is too long (52 characters too many)."},
    {"\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251@b.com", "", "The email address is too long (26-52 characters too many)."},
    {"a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com", "", "After the @-sign, periods cannot be separated by so many characters (1 character too many)."},
    {"a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com", "", "The email address is too long after the @-sign (11 characters too many)."},
    {"a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com", "a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com", ""},
    {"a\000@b.com"s, "", "The email address contains invalid characters before the @-sign: U+0000."},
    {"a,b@c.com", "", "The email address contains invalid characters before the @-sign: ','."},
    {"a;b@c.com", "", "The email address contains invalid characters before the @-sign: ';'."},
    {"(c)a@b.com", "", "The email address contains invalid characters before the @-sign: '(', ')'."},
    {"a@b.com>", "", "The part after the @-sign contains invalid characters: '>'."},
    {"a@b..", "", "An email address cannot end with a period."},
    {"a<b@c.com", "", "An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end."},
    {"a@b c.com", "", "The part after the @-sign contains invalid characters: SPACE."},
    {"a@b,c.com", "", "The part after the @-sign contains invalid characters: ','."},
    {"\304\260@b.com", "\304\260@b.com", ""},
    {"a@b\343\200\202com", "a@b.com", ""},
    {"a@Stra\303\237e.de", "a@stra\303\237e.de", ""},
    {"a\357\274\240b.com", "", "The email address has the \"full-width\" at-sign (@) character instead of a regular at-sign."},
    {"\"a@b.com", "", "An email address must have an @-sign."},
    {"a\"b@c.com", "", "An email address must have an @-sign."},
    {"a@b.co m", "", "The part after the @-sign contains invalid characters: SPACE."},
    {"a\342\200\215b@c.com", "", "The email address contains unsafe characters: ZERO WIDTH JOINER."},
    {"a@example.invalid", "", "The part after the @-sign is a special-use or reserved name that cannot be used with email."},
    {"a@exa\314\201mple.com", "a@ex\303\241mple.com", ""},
    {"a@b.com/", "", "The part after the @-sign contains invalid characters: '/'."},
    {"a@b.onion", "", "The part after the @-sign is a special-use or reserved name that cannot be used with email."},
    {"a@b.arpa", "", "The part after the @-sign is a special-use or reserved name that cannot be used with email."},
    {"\"a\"b@c.com", "", "Extra character(s) found after close quote: 'b'"},
    {"A@B.COM", "A@b.com", ""},
    {" a @b.com", "", "The email address contains invalid characters before the @-sign: SPACE."},
    {"INFO@b.com", "info@b.com", ""},
    {"e\314\201@b.com", "\303\251@b.com", ""},
    {"a'b@c.com", "a'b@c.com", ""},
    {"a@c.co'm", "", "The part after the @-sign contains invalid characters: \"'\"."},
    {"user+tag@sub.example.co.uk", "user+tag@sub.example.co.uk", ""},
    {"a@\346\227\245\346\234\254.jp", "a@\346\227\245\346\234\254.jp", ""},
    {"a@\360\237\230\200.com", "", "The part after the @-sign is invalid (Codepoint U+1F600 at position 1 of '\360\237\230\200' not allowed)."},
    {"Jane Q. Doe <jane@x.org>", "jane@x.org", ""},
    {"a\\b@c.com", "", "The email address contains invalid characters before the @-sign: \"\\\"."},
    {"a\177@b.com", "", "The email address contains invalid characters before the @-sign: U+007F."},
};

TEST(Email, AnswersAsPydanticDoes) {
  for (const auto& c : cases) {
    const auto check = check_email(c.text);
    EXPECT_EQ(check.valid, !c.normalized.empty()) << c.text << " " << check.reason;
    EXPECT_EQ(check.normalized, c.normalized) << c.text;
    EXPECT_EQ(check.reason, c.reason) << c.text;
  }
}

TEST(Email, RefusesSecondSpellingsOfADomain) {
  for (const char* text : {"a@xn--a.com", "a@xn--.com", "a@xn--abc-.com", "a@xn--\u65e5.com", "a@xn--TDA\u0301.com"}) EXPECT_FALSE(is_valid_email(text)) << text;
  EXPECT_EQ(check_email("a@XN--TDA.com").normalized, "a@\u00fc.com");
  EXPECT_EQ(check_email("a@b.com\u0130").normalized, "a@b.comi\u0307");
}

TEST(Email, KeepsTheAddressAsGiven) {
  EXPECT_EQ(check_email(" Jane Doe <Jane@Example.COM> ").address, "Jane@Example.COM");
  EXPECT_EQ(check_email("Jane@Example.COM").address, "Jane@Example.COM");
}

TEST(Email, RefusesLengthsAndBrokenText) {
  std::string reason;
  EXPECT_FALSE(is_valid_email(std::string(2049, 'x'), &reason));
  EXPECT_EQ(reason, "Length must not exceed 2048 characters");
  EXPECT_FALSE(is_valid_email("a\xff@b.com"));
  EXPECT_TRUE(is_valid_email("a@b.com"));
}

}  // namespace
}  // namespace backend
