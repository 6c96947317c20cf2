#pragma once
#include <backend/types.h>

#include <optional>
#include <string>
#include <vector>

namespace backend {

class Database;
class Clock;

struct MigrationStatus {
  int version = 0;
  std::string name;
  std::optional<Timestamp> applied_at;
  bool checksum_matches = true;  ///< false: the script changed after it was applied
};

/// The schema's numbered, append-only changes. Each runs in a transaction of its own, under a lock that processes
/// share, and is recorded with its checksum in `schema_migrations`.
class Migrations {
 public:
  Migrations(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  std::vector<MigrationStatus> status();

  /// Applies what is missing up to `target` (0: all); returns how many. The first one adopts a database made by the
  /// FastAPI backend (tables users, messages, documents) without loss.
  /// Throws Error conflict: a changed checksum, or a version that this library does not know.
  int up(int target = 0);

  /// Takes back the newest `steps`; returns how many.
  int down(int steps = 1);

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace backend
