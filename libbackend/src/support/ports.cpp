#include <backend/ports.h>

#include <random>
#include <thread>

namespace backend {

const Value& Rows::Row::at(std::size_t column) const {
  if (column >= columns_) {
    throw Error(ErrorCode::internal, "no column " + std::to_string(column) + " in this result");
  }
  return values_[column];
}

namespace {

template <class T>
const T& as(const Value& value, std::size_t column, const char* type) {
  if (const T* held = std::get_if<T>(&value)) return *held;
  throw Error(ErrorCode::internal, "column " + std::to_string(column) + " is not " + type);
}

/// Long enough for the other side of a deadlock to get ahead, random so that two do not collide again.
void wait_before_retry(int attempt) {
  thread_local std::minstd_rand generator{std::random_device{}()};
  std::uniform_int_distribution<int> milliseconds(1, 5 * attempt);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(generator)));
}

}  // namespace

bool Rows::Row::is_null(std::size_t column) const {
  return std::holds_alternative<std::nullptr_t>(at(column));
}

std::int64_t Rows::Row::integer(std::size_t column) const {
  return as<std::int64_t>(at(column), column, "an integer");
}

double Rows::Row::real(std::size_t column) const { return as<double>(at(column), column, "a real number"); }

const std::string& Rows::Row::text(std::size_t column) const {
  return as<std::string>(at(column), column, "a text");
}

std::optional<std::int64_t> Rows::Row::optional_integer(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Rows::Row::optional_text(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<Timestamp> Rows::Row::optional_time(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

void Database::transaction(const std::function<void(Database&)>& work) {
  for (int attempt = 1;; ++attempt) {
    auto open = begin();
    try {
      work(*open);
      open->commit();
      return;
    } catch (const Error& error) {
      // Only the transaction knows whether the engine undid it for a reason that may not come again.
      Database& inner = *open;
      if (!inner.should_retry(error, attempt)) throw;
    }
    open.reset();
    wait_before_retry(attempt);
  }
}

}  // namespace backend
