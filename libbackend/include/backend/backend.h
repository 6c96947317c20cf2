#pragma once
#include <backend/auth.h>
#include <backend/documents.h>
#include <backend/error.h>
#include <backend/messages.h>
#include <backend/notifications.h>
#include <backend/ports.h>
#include <backend/settings.h>
#include <backend/types.h>
#include <backend/users.h>

#include <memory>

namespace backend {

/// Parts that a host may bring along; what is null is chosen from the settings.
struct Ports {
  std::unique_ptr<Database> database;
  std::unique_ptr<Blobs> blobs;
  std::unique_ptr<PdfReader> pdf_reader;
  std::unique_ptr<Clock> clock;
};

/// Several changes as one: its services and its database commit together or not at all. Belongs to one thread, and must
/// not outlive its Backend. Destroyed without commit(): rolled back, and the files of its uploads are removed; files that
/// it removes stay until commit(). With SQLite it is the one writer: while it is open, writes through the Backend itself
/// wait, on the same thread until they fail with Error unavailable.
class UnitOfWork {
 public:
  ~UnitOfWork();
  UnitOfWork(UnitOfWork&&) noexcept;

  Auth& auth();
  Users& users();
  Messages& messages();
  Documents& documents();
  Notifications& notifications();
  /// The open transaction, for the host's own SQL.
  Database& database();
  /// Once. Afterwards only the destructor may be called. Throws Error unavailable, conflict: nothing was changed.
  void commit();

 private:
  friend class Backend;
  struct Impl;
  explicit UnitOfWork(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The whole backend over one database. Thread-safe. Several may live in one process; each closes all it opened.
/// Needs no network port and starts no thread. Not for use on both sides of a fork(): open it after.
class Backend {
 public:
  /// Opens the database (and migrates it, see Settings::auto_migrate) and the file store.
  /// Throws Error: invalid (a setting; field() names it), unavailable (database away), conflict (schema newer than
  /// this library, or changed by hand).
  explicit Backend(Settings settings = {}, Ports ports = {});
  ~Backend();
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  Auth& auth();
  Users& users();
  Messages& messages();
  Documents& documents();
  Notifications& notifications();

  UnitOfWork begin();

  /// True when the database answers.
  bool ready() noexcept;

  const Settings& settings() const noexcept;
  Database& database();
  const Clock& clock() const noexcept;

 private:
  friend class UnitOfWork;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace backend
