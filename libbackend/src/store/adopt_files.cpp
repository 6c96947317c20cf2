#include "store/adopt_files.h"

#include "support/digest.h"

#include <algorithm>
#include <array>
#include <fstream>

namespace backend::store {
namespace {

namespace fs = std::filesystem;

struct Copied {
  std::string key;
  std::string sha256;
  std::int64_t size = 0;
};

/// True when `path`, with links followed, is a file below `folder`, which is canonical.
bool is_file_inside(const fs::path& folder, fs::path& path) {
  std::error_code fault;
  const fs::path real = fs::canonical(path, fault);
  if (fault || !fs::is_regular_file(real, fault)) return false;
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), real.begin(), real.end());
  if (end != folder.end()) return false;
  path = real;
  return true;
}

std::optional<fs::path> locate(const fs::path& folder, const std::string& stored) {
  if (stored.find('\0') != std::string::npos) return std::nullopt;
  const fs::path given(stored);
  for (fs::path candidate : {folder.parent_path() / given, folder / given.filename()}) {
    if (is_file_inside(folder, candidate)) return candidate;
  }
  return std::nullopt;
}

std::optional<Copied> copy(Blobs& blobs, const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  const auto writer = blobs.create();
  support::Sha256 digest;
  Copied copied;
  std::array<char, 65536> buffer;
  while (in.read(buffer.data(), buffer.size()), in.gcount() > 0) {
    const auto bytes = std::as_bytes(std::span(buffer.data(), static_cast<std::size_t>(in.gcount())));
    writer->write(bytes);
    digest.update(bytes);
    copied.size += in.gcount();
  }
  if (in.bad()) return std::nullopt;
  copied.key = writer->commit();
  copied.sha256 = digest.finish_hex();
  return copied;
}

/// False when another process was first: then the copy is not needed.
bool record(Database& database, DocumentId id, const Copied& copied) {
  return database.exec(
             "UPDATE documents SET blob_key = $2, sha256 = $3, file_size = CASE WHEN file_size = 0 THEN $4 "
             "ELSE "
             "file_size END WHERE id = $1 AND blob_key IS NULL",
             {id, copied.key, copied.sha256, copied.size}) == 1;
}

bool adopt(Database& database, Blobs& blobs, DocumentId id, const fs::path& file) {
  const auto copied = copy(blobs, file);
  if (!copied) return false;
  // When recording throws, the row may have been changed all the same: an orphan is better than a row without
  // a file.
  if (record(database, id, *copied)) return true;
  blobs.remove(copied->key);
  return false;
}

}  // namespace

int adopt_files(Database& database, Blobs& blobs, const fs::path& upload_dir) {
  std::error_code fault;
  const fs::path folder = fs::canonical(upload_dir, fault);
  if (fault) return 0;
  int count = 0;
  for (DocumentId last = 0;;) {
    const Rows rows = database.query(
        "SELECT id, legacy_path FROM documents WHERE blob_key IS NULL AND legacy_path IS NOT NULL AND id > "
        "$1 "
        "ORDER BY id LIMIT 100",
        {last});
    if (rows.empty()) return count;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto file = locate(folder, rows[i].text(1));
      if (file && adopt(database, blobs, rows[i].integer(0), *file)) ++count;
    }
    last = rows[rows.size() - 1].integer(0);
  }
}

}  // namespace backend::store
