#pragma once
#include <string>
#include <string_view>

namespace backend {

/// What checking an e-mail address found.
struct EmailCheck {
  bool valid = false;
  std::string address;     ///< as given, without surrounding spaces and without a display name
  std::string normalized;  ///< NFC, the domain in lower case and Unicode: what pydantic's EmailStr hands on
  std::string reason;      ///< why not, in the words of Python's email-validator
};

/// Syntax of RFC 5321 and 6531 as pydantic's EmailStr has it: no quoted local parts, no address literals, at least two
/// domain labels, no special-use domains, 254 bytes at most. Nothing is looked up in the DNS.
EmailCheck check_email(std::string_view text);

/// The short form of check_email(); `reason` may be null.
bool is_valid_email(std::string_view text, std::string* reason = nullptr);

}  // namespace backend
