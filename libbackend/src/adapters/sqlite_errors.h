#pragma once
#include <backend/error.h>

#include <chrono>
#include <string_view>

namespace backend::adapters {

struct SqliteFault {
  Error error;
  bool may_run_again = false;      ///< the whole transaction may succeed if it runs again
  bool breaks_connection = false;  ///< a new handle may succeed where this one will not
};

/// Translates an extended result code with SQLite's text for it.
SqliteFault describe_sqlite_fault(int code, std::string_view text, std::chrono::milliseconds timeout);

}  // namespace backend::adapters
