#pragma once
#include <string>
#include <string_view>

#include "http/context.h"

namespace backend::server {

/// Takes a form's files as they stream by. begin() may be called again for a further file; end() says that a file is
/// whole.
class FileTaker {
 public:
  virtual ~FileTaker() = default;
  virtual void begin(std::string_view filename) = 0;
  virtual void data(std::string_view bytes) = 0;
  virtual void end() = 0;
};

/// Reads a multipart form and hands its files named `field` on. Throws HttpError (400 no multipart data, 413 more than
/// UPLOAD_MAX_FILES, 415 on the canonical face), InvalidRequest (no such part, or a text), BodyError (413 and 400).
void read_files(const Context& context, std::string_view field, FileTaker& taker);

/// A file that is looked at and not kept.
struct MemoryFile {
  std::string filename;  ///< as it would be stored
  std::string bytes;
};

/// The form's `file`; the last one, if there are more. Throws as read_files(), and for a name that is not a PDF's:
/// compat HttpError 400, canonical Error invalid.
MemoryFile read_file(const Context& context);

}  // namespace backend::server
