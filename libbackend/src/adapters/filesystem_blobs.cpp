#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "adapters/adapters.h"

namespace backend::adapters {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_length = 32;  // 128 random bits, hexadecimal
constexpr std::chrono::hours orphan_age{1};

/// ENOSPC and EIO may pass, and a full or sick disk must not look like a fault of the caller's.
[[noreturn]] void fail(const char* doing, int fault) {
  throw Error(ErrorCode::unavailable, std::string("file store: cannot ") + doing + ": " +
                                          std::generic_category().message(fault));
}

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

int open_retrying(const fs::path& path, int flags, mode_t mode = 0) {
  int fd;
  do fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (fd < 0 && errno == EINTR);
  return fd;
}

void flush_folder(const fs::path& folder) {
  Descriptor fd(open_retrying(folder, O_RDONLY | O_DIRECTORY));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) fail("flush a folder", errno);
}

std::string random_key() {
  std::array<unsigned char, key_length / 2> bytes;
  if (::getrandom(bytes.data(), bytes.size(), 0) != ssize_t(bytes.size())) fail("draw a random name", errno);
  std::string key;
  for (unsigned char byte : bytes) {
    key += "0123456789abcdef"[byte >> 4];
    key += "0123456789abcdef"[byte & 15];
  }
  return key;
}

/// Keys come from the database, but a key is never trusted to be a path.
bool is_key(std::string_view key) {
  return key.size() == key_length &&
         std::all_of(key.begin(), key.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

class FileReader final : public BlobReader {
 public:
  explicit FileReader(Descriptor fd) : fd_(std::move(fd)) {
    struct stat status;
    if (::fstat(fd_.get(), &status) != 0) fail("read a file", errno);
    size_ = std::uint64_t(status.st_size);
  }

  std::uint64_t size() const override { return size_; }

  std::size_t read(std::uint64_t offset, std::span<std::byte> out) const override {
    std::size_t done = 0;
    while (done < out.size() && offset + done < size_) {
      ssize_t got = ::pread(fd_.get(), out.data() + done, out.size() - done, off_t(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("read a file", errno);
      if (got == 0) break;
      done += std::size_t(got);
    }
    return done;
  }

 private:
  Descriptor fd_;
  std::uint64_t size_ = 0;
};

class FileWriter final : public BlobWriter {
 public:
  explicit FileWriter(const fs::path& root)
      : root_(root), key_(random_key()), temporary_(root / "incoming" / key_),
        fd_(open_retrying(temporary_, O_WRONLY | O_CREAT | O_EXCL, 0600)) {
    if (fd_.get() < 0) fail("create a file", errno);
  }

  ~FileWriter() override {
    if (!committed_) ::unlink(temporary_.c_str());
  }

  void write(std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write", errno);
      bytes = bytes.subspan(std::size_t(written));
    }
  }

  std::unique_ptr<BlobReader> reader() override {
    Descriptor fd(open_retrying(temporary_, O_RDONLY | O_NOFOLLOW));
    if (fd.get() < 0) fail("read back a file", errno);
    return std::make_unique<FileReader>(std::move(fd));
  }

  std::string commit() override {
    if (::fsync(fd_.get()) != 0) fail("flush a file", errno);
    fd_.close();
    fs::path folder = root_ / key_.substr(0, 2);
    if (::mkdir(folder.c_str(), 0700) == 0) flush_folder(root_);
    else if (errno != EEXIST) fail("create a folder", errno);
    fs::path final_path = folder / key_;
    if (::rename(temporary_.c_str(), final_path.c_str()) != 0) fail("rename a file", errno);
    committed_ = true;
    try {
      flush_folder(folder);
    } catch (const Error&) {
      ::unlink(final_path.c_str());  // the caller is told that nothing was stored
      throw;
    }
    return key_;
  }

 private:
  const fs::path root_;
  const std::string key_;
  const fs::path temporary_;
  Descriptor fd_;
  bool committed_ = false;
};

class FilesystemBlobs final : public Blobs {
 public:
  explicit FilesystemBlobs(fs::path root) : root_(std::move(root)) {
    std::error_code fault;
    fs::create_directories(root_ / "incoming", fault);
    if (fault) throw Error(ErrorCode::unavailable, "file store: cannot create its folder (DATA_DIR): " + fault.message());
    ::chmod(root_.c_str(), 0700);
    remove_orphans();
  }

  std::unique_ptr<BlobWriter> create() override { return std::make_unique<FileWriter>(root_); }

  std::unique_ptr<BlobReader> open(std::string_view key) override {
    if (!is_key(key)) throw Error(ErrorCode::not_found, "File not found");
    Descriptor fd(open_retrying(path_of(key), O_RDONLY | O_NOFOLLOW));
    if (fd.get() < 0 && errno == ENOENT) throw Error(ErrorCode::not_found, "File not found");
    if (fd.get() < 0) fail("open a file", errno);
    return std::make_unique<FileReader>(std::move(fd));
  }

  bool remove(std::string_view key) override {
    if (!is_key(key)) return false;
    if (::unlink(path_of(key).c_str()) == 0) return true;
    if (errno == ENOENT) return false;
    fail("remove a file", errno);
  }

 private:
  fs::path path_of(std::string_view key) const { return root_ / key.substr(0, 2) / key; }

  /// What a crash left half-written. The young ones may be another process's.
  void remove_orphans() {
    std::error_code ignored;
    const auto limit = fs::file_time_type::clock::now() - orphan_age;
    for (const auto& entry : fs::directory_iterator(root_ / "incoming", ignored)) {
      std::error_code gone;  // finished meanwhile by the process whose file it is
      if (entry.last_write_time(gone) < limit && !gone) fs::remove(entry.path(), ignored);
    }
  }

  const fs::path root_;
};

}  // namespace

std::unique_ptr<Blobs> open_filesystem_blobs(const std::filesystem::path& folder) {
  return std::make_unique<FilesystemBlobs>(fs::absolute(folder));
}

}  // namespace backend::adapters
