#pragma once
#include <string>
#include <string_view>

namespace backend {

/// The form in which texts are compared without regard to case: NFC, full case folding (Unicode 3.13, toCasefold),
/// NFC again. Folding twice changes nothing. "ﬀ" and "FF", "Straße" and "STRASSE" are the same.
/// Throws Error invalid when `text` is not UTF-8.
std::string fold(std::string_view text);

}  // namespace backend
