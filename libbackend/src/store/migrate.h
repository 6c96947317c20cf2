#pragma once
#include <backend/migrations.h>
#include <backend/ports.h>

#include "store/migration_scripts.h"

namespace backend::store {

/// What runs around a script, in its transaction. For what SQL alone cannot say.
struct MigrationHooks {
  int version;
  void (*before_up)(Database& database);
  void (*after_up)(Database& database, const Clock& clock);
  void (*before_down)(Database& database);
};

/// The rules of backend::Migrations over any scripts (tests bring their own).
class Migrator {
 public:
  Migrator(Database& database, const Clock& clock, std::span<const MigrationScript> scripts,
           std::span<const MigrationHooks> hooks = {})
      : database_(database), clock_(clock), scripts_(scripts), hooks_(hooks) {}

  std::vector<MigrationStatus> status();
  int up(int target);
  int down(int steps);

 private:
  bool up_once(int target);
  bool down_once();
  std::unique_ptr<Transaction> begin_locked();
  const MigrationScript* next(const std::vector<MigrationStatus>& applied, int target) const;
  const MigrationScript* find(int version) const;
  const MigrationHooks* hooks_for(int version) const;
  std::vector<MigrationStatus> applied(Database& database) const;
  std::vector<MigrationStatus> checked(Database& database) const;

  Database& database_;
  const Clock& clock_;
  std::span<const MigrationScript> scripts_;
  std::span<const MigrationHooks> hooks_;
};

}  // namespace backend::store
