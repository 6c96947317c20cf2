#pragma once
#include <backend/documents.h>

#include "support/digest.h"

#include <string>

namespace backend {

struct IncomingFile::Digest {
  support::Sha256 sha256;
  std::string head;  ///< the first magic_window bytes
};

namespace services {

/// ISO 32000-2 wants the header first; readers have always looked for it within this many bytes (PDF 1.7, H.3.4.1).
constexpr std::size_t magic_window = 1024;

/// Throws Error malformed when `head`, a file's first bytes, has no "%PDF-".
void check_magic(std::string_view head);

}  // namespace services
}  // namespace backend
