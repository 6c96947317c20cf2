#pragma once
#include <backend/documents.h>

#include <string>
#include <string_view>

namespace backend::services {

/// A file name as a label: without path parts (either slash), controls and characters that turn the writing direction.
/// Throws Error invalid ("file"), see Documents::receive().
std::string file_label(std::string_view filename, NamePolicy policy);

}  // namespace backend::services
