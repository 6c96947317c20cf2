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

  /// Applies what is missing up to `target` (0: all); returns how many. The first one adopts a PostgreSQL database made
  /// by the FastAPI backend (tables users, messages, documents): ids, times, password hashes and texts are kept. Its
  /// tables are dropped when every row and column was taken over; tables with columns of the host's own stay, renamed
  /// seed_users, seed_messages and seed_documents.
  /// Throws Error conflict, with nothing changed: a changed checksum, a version that this library does not know, or
  /// tables in the way that are not the FastAPI backend's.
  int up(int target = 0);

  /// Takes back the newest `steps`; returns how many. The first migration holds all that people have stored: taking it
  /// back throws Error conflict while there is a user, message, document or notification. Delete them on purpose first.
  int down(int steps = 1);

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace backend
