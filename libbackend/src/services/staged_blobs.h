#pragma once
#include <backend/ports.h>

#include <string>
#include <vector>

namespace backend::services {

/// Files that follow a transaction: what it creates is removed unless accept() is called, what it removes stays until
/// then. For one thread. Borrows `blobs`.
class StagedBlobs : public Blobs {
 public:
  explicit StagedBlobs(Blobs& blobs) : blobs_(blobs) {}
  ~StagedBlobs() override;
  std::unique_ptr<BlobWriter> create() override;
  std::unique_ptr<BlobReader> open(std::string_view key) override { return blobs_.open(key); }
  bool remove(std::string_view key) override;

  /// The transaction is committed. Never throws: a file that cannot be removed now is an orphan to be collected.
  void accept() noexcept;

 private:
  class Writer;
  void remove_all(const std::vector<std::string>& keys) noexcept;

  Blobs& blobs_;
  std::vector<std::string> created_, removed_;
};

}  // namespace backend::services
