#include "services/incoming_file.h"

#include <backend/error.h>
#include <backend/ports.h>

#include <algorithm>

namespace backend {

IncomingFile::IncomingFile(std::string filename, std::unique_ptr<BlobWriter> writer, std::int64_t max_bytes)
    : filename_(std::move(filename)), writer_(std::move(writer)), max_bytes_(max_bytes), digest_(std::make_unique<Digest>()) {}
IncomingFile::~IncomingFile() = default;
IncomingFile::IncomingFile(IncomingFile&&) noexcept = default;
IncomingFile& IncomingFile::operator=(IncomingFile&&) noexcept = default;

void IncomingFile::write(std::span<const std::byte> bytes) {
  if (bytes.size() > static_cast<std::uint64_t>(max_bytes_ - size_))
    throw Error(ErrorCode::too_large, "File is over UPLOAD_MAX_BYTES", "file");
  writer_->write(bytes);
  digest_->sha256.update(bytes);
  const auto missing = std::min(services::magic_window - digest_->head.size(), bytes.size());
  digest_->head.append(reinterpret_cast<const char*>(bytes.data()), missing);
  size_ += static_cast<std::int64_t>(bytes.size());
}

void services::check_magic(std::string_view head) {
  if (head.substr(0, magic_window).find("%PDF-") == head.npos) throw Error(ErrorCode::malformed, "Not a PDF file", "file");
}

}  // namespace backend
