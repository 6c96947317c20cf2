#pragma once
#include <condition_variable>
#include <mutex>

namespace backend::support {

/// Lets a bounded number of callers work at the same time and a bounded number wait for it. Thread-safe.
class Gate {
 public:
  /// `workers` at a time (1 or more), `queue` may wait.
  Gate(int workers, int queue) : workers_(workers), queue_(queue) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// A place inside, for as long as it lives.
  class Turn {
   public:
    /// Waits for a place. Throws Error unavailable, with retry_after(), when too many wait already; its message is
    /// `refusal`.
    Turn(Gate& gate, const char* refusal);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Gate& gate_;
  };

 private:
  const int workers_;
  const int queue_;
  std::mutex mutex_;
  std::condition_variable freed_;
  int active_ = 0;
  int waiting_ = 0;
};

}  // namespace backend::support
