#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace backend {

/// At most `limit` resources, made when first needed and lent to one borrower at a time, first come, first
/// served. Thread-safe. Must outlive its leases.
template <class T>
class Pool {
 public:
  /// A borrowed resource; goes back when destroyed.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), resource_(std::move(other.resource_)) {}
    Lease& operator=(Lease&& other) noexcept {
      Lease taken(std::move(other));
      std::swap(pool_, taken.pool_);
      std::swap(resource_, taken.resource_);
      return *this;
    }
    ~Lease() {
      if (pool_) pool_->take_back(std::move(resource_));
    }

    explicit operator bool() const noexcept { return resource_ != nullptr; }
    T& operator*() const noexcept { return *resource_; }
    T* operator->() const noexcept { return resource_.get(); }

    /// Destroys the resource and puts a new one in its place.
    void replace() {
      resource_.reset();
      resource_ = pool_->make_();
    }

    /// Destroys the resource; the place in the pool is given back with the lease.
    void discard() noexcept { resource_.reset(); }

   private:
    friend class Pool;
    explicit Lease(Pool* pool) : pool_(pool) {}
    Pool* pool_ = nullptr;
    std::unique_ptr<T> resource_;
  };

  Pool(int limit, std::function<std::unique_ptr<T>()> make) : make_(std::move(make)), free_(limit) {
    idle_.reserve(static_cast<std::size_t>(limit));
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Empty when none became free within `timeout`. Passes on what making one throws.
  Lease acquire(std::chrono::milliseconds timeout) {
    Lease lease;
    {
      std::unique_lock lock(mutex_);
      if (!take_place(lock, timeout)) return lease;
      lease.pool_ = this;
      if (!idle_.empty()) {
        lease.resource_ = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (!lease.resource_) lease.resource_ = make_();
    return lease;
  }

 private:
  struct Waiter {
    std::condition_variable wake;
    bool granted = false;
  };

  bool take_place(std::unique_lock<std::mutex>& lock, std::chrono::milliseconds timeout) {
    if (free_ > 0) {
      --free_;
      return true;
    }
    Waiter self;
    const auto place = waiters_.insert(waiters_.end(), &self);
    if (self.wake.wait_for(lock, timeout, [&] { return self.granted; })) return true;
    waiters_.erase(place);
    return false;
  }

  void take_back(std::unique_ptr<T> resource) noexcept {
    const std::lock_guard lock(mutex_);
    if (resource) idle_.push_back(std::move(resource));  // within the reserved room: cannot throw
    if (waiters_.empty()) {
      ++free_;
      return;
    }
    // Handed over, not raced for: a busy thread that comes back at once cannot starve those who wait.
    Waiter* next = waiters_.front();
    waiters_.pop_front();
    next->granted = true;
    next->wake.notify_one();  // under the lock: the waiter's condition lives on its stack
  }

  std::function<std::unique_ptr<T>()> make_;
  std::mutex mutex_;
  int free_;
  std::vector<std::unique_ptr<T>> idle_;
  std::list<Waiter*> waiters_;
};

}  // namespace backend
