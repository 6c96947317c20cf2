#include "support/random.h"

#include <backend/error.h>

#include <cerrno>
#include <sys/random.h>

namespace backend::support {

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  for (std::size_t done = 0; done < count;) {
    const ssize_t got = ::getrandom(out.data() + done, count - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Error(ErrorCode::internal, "the operating system gives no random bytes");
    done += static_cast<std::size_t>(got);
  }
  return out;
}

}  // namespace backend::support
