#include "support/key_file.h"

#include "support/base64.h"
#include "support/random.h"

#include <backend/error.h>

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace backend::support {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t min_key_size = 32;
constexpr std::size_t max_key_size = 4096;

[[noreturn]] void fail(const std::filesystem::path& file, int fault) {
  throw Error(ErrorCode::unavailable, file.string() + ": " + std::generic_category().message(fault), "DATA_DIR");
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::optional<std::string> read_key(const std::filesystem::path& file) {
  const Descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (in.fd < 0 && errno == ENOENT) return std::nullopt;
  if (in.fd < 0) fail(file, errno);
  struct stat status {};
  if (::fstat(in.fd, &status) != 0) fail(file, errno);
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    throw Error(ErrorCode::invalid, "SECRET_KEY: " + file.string() + " can be read by others; its mode should be 0600", "SECRET_KEY");
  std::string key(max_key_size, '\0');
  const auto size = ::read(in.fd, key.data(), key.size());
  if (size < 0) fail(file, errno);
  key.resize(static_cast<std::size_t>(size));
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  if (key.size() < min_key_size)
    throw Error(ErrorCode::invalid, "SECRET_KEY: " + file.string() + " holds less than 32 bytes; remove it to have one made", "SECRET_KEY");
  return key;
}

void write_whole(const std::filesystem::path& file, const std::string& text) {
  const Descriptor out{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (out.fd < 0) fail(file, errno);
  const bool written = ::write(out.fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (written && ::fsync(out.fd) == 0) return;
  const int fault = errno;
  ::unlink(file.c_str());
  fail(file, fault);
}

}  // namespace

std::string load_or_make_key(const std::filesystem::path& file) {
  if (auto key = read_key(file)) return std::move(*key);
  // Written in full under a name of its own, then linked: link() fails when another process was first.
  const auto draft = file.string() + "." + base64url_encode(random_bytes(9));
  write_whole(draft, base64url_encode(random_bytes(key_bytes)) + "\n");
  const int linked = ::link(draft.c_str(), file.c_str());
  const int fault = errno;
  ::unlink(draft.c_str());
  if (linked != 0 && fault != EEXIST) fail(file, fault);
  auto key = read_key(file);
  if (!key) fail(file, ENOENT);
  return std::move(*key);
}

}  // namespace backend::support
