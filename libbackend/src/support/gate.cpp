#include "support/gate.h"

#include <backend/error.h>

namespace backend::support {

Gate::Turn::Turn(Gate& gate, const char* refusal) : gate_(gate) {
  std::unique_lock lock(gate_.mutex_);
  if (gate_.active_ >= gate_.workers_) {
    if (gate_.waiting_ >= gate_.queue_) throw Error(ErrorCode::unavailable, refusal).retry_in(std::chrono::seconds(1));
    ++gate_.waiting_;
    gate_.freed_.wait(lock, [this] { return gate_.active_ < gate_.workers_; });
    --gate_.waiting_;
  }
  ++gate_.active_;
}

Gate::Turn::~Turn() {
  {
    const std::lock_guard lock(gate_.mutex_);
    --gate_.active_;
  }
  gate_.freed_.notify_one();
}

}  // namespace backend::support
