#include "services/staged_blobs.h"

#include <algorithm>

namespace backend::services {

class StagedBlobs::Writer : public BlobWriter {
 public:
  Writer(std::unique_ptr<BlobWriter> writer, std::vector<std::string>& created)
      : writer_(std::move(writer)), created_(created) {}
  void write(std::span<const std::byte> bytes) override { writer_->write(bytes); }
  std::unique_ptr<BlobReader> reader() override { return writer_->reader(); }
  std::string commit() override {
    created_.emplace_back();  // room first: once the blob stands, its key must not get lost
    created_.back() = writer_->commit();
    return created_.back();
  }

 private:
  std::unique_ptr<BlobWriter> writer_;
  std::vector<std::string>& created_;
};

StagedBlobs::~StagedBlobs() { remove_all(created_); }

std::unique_ptr<BlobWriter> StagedBlobs::create() { return std::make_unique<Writer>(blobs_.create(), created_); }

bool StagedBlobs::remove(std::string_view key) {
  const auto own = std::find(created_.begin(), created_.end(), key);
  if (own == created_.end()) removed_.emplace_back(key);
  else {
    blobs_.remove(key);
    created_.erase(own);
  }
  return true;
}

void StagedBlobs::accept() noexcept {
  created_.clear();
  remove_all(removed_);
  removed_.clear();
}

void StagedBlobs::remove_all(const std::vector<std::string>& keys) noexcept {
  for (const auto& key : keys) try {
      if (!key.empty()) blobs_.remove(key);
    } catch (...) {
    }
}

}  // namespace backend::services
