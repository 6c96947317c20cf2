#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace backend::pdf {

/// What a glyph name means ("Aacute", "f_i", "uni20AC", "u1F600", "A.alt"), or nullopt for a name outside the
/// Adobe Glyph List specification.
std::optional<std::string> unicode_of_glyph(std::string_view name);

}  // namespace backend::pdf
