#pragma once
#include <backend/pdf.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace backend::pdf {

[[noreturn]] inline void throw_limit(const char* name) {
  throw Error(ErrorCode::limit, std::string("the document goes beyond the limit ") + name);
}

/// Counts what one piece of work costs and stops it at the limits.
class Budget {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Budget(const Limits& limits) : limits_(limits), deadline_(Clock::now() + limits.max_page_time) {}

  const Limits& limits() const { return limits_; }

  void count_operator() {
    if (++operators_ > limits_.max_operators) throw_limit("max_operators");
    check_time();
  }

  void count_object() {
    if (++objects_ > limits_.max_objects_per_page) throw_limit("max_objects_per_page");
    check_time();
  }

  void count_table_point() {
    if (++table_points_ > limits_.max_table_points) throw_limit("max_table_points");
  }

  /// Call it in every loop that hostile input can make long. The clock is read every few thousand calls.
  void check_time() {
    if ((++ticks_ & 0xFFF) == 0) check_time_now();
  }

  /// Before steps that take long by themselves, such as decoding a stream.
  void check_time_now() const {
    if (Clock::now() > deadline_) throw_limit("max_page_time");
  }

 private:
  const Limits& limits_;
  Clock::time_point deadline_;
  std::size_t operators_ = 0, objects_ = 0, table_points_ = 0;
  std::uint64_t ticks_ = 0;
};

}  // namespace backend::pdf
