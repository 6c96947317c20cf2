#include <backend/backend.h>

#include <backend/migrations.h>
#include <backend/ports.h>

#include "adapters/adapters.h"
#include "services/staged_blobs.h"
#include "store/adopt_files.h"
#include "support/key_file.h"
#include "support/password.h"

#include <sys/stat.h>

namespace backend {
namespace {

void make_folder(const std::filesystem::path& folder) {
  std::error_code fault;
  const bool made = std::filesystem::create_directories(folder, fault);
  if (fault) throw Error(ErrorCode::invalid, "DATA_DIR: cannot create " + folder.string() + ": " + fault.message(), "DATA_DIR");
  if (made) ::chmod(folder.c_str(), 0700);
}

Settings completed(Settings settings) {
  check_settings(settings);
  make_folder(settings.data_dir);
  if (settings.secret_key.empty()) settings.secret_key = support::load_or_make_key(settings.data_dir / "secret_key");
  return settings;
}

template <class Port, class Make>
std::unique_ptr<Port> given_or(std::unique_ptr<Port> given, Make make) {
  return given ? std::move(given) : make();
}

}  // namespace

struct Backend::Impl {
  Impl(Settings given, Ports ports)
      : settings(completed(std::move(given))),
        clock(given_or(std::move(ports.clock), adapters::system_clock)),
        database(given_or(std::move(ports.database), [&] { return adapters::open_database(settings); })),
        blobs(given_or(std::move(ports.blobs), [&] { return adapters::open_filesystem_blobs(settings.data_dir / "files"); })),
        pdf_reader(given_or(std::move(ports.pdf_reader), [&] { return adapters::in_process_pdf_reader(settings); })),
        hasher(settings.bcrypt_cost, settings.password_workers, settings.password_queue),
        auth(*database, *clock, hasher, settings),
        users(*database),
        messages(*database, *clock, settings),
        documents(*database, *blobs, *pdf_reader, *clock, settings),
        notifications(*database, *clock) {
    if (!settings.auto_migrate) return;
    Migrations(*database, *clock).up();
    store::adopt_files(*database, *blobs, settings.upload_dir);  // each time: a file that was missing may have come
  }

  const Settings settings;
  const std::unique_ptr<Clock> clock;
  const std::unique_ptr<Database> database;
  const std::unique_ptr<Blobs> blobs;
  const std::unique_ptr<PdfReader> pdf_reader;
  PasswordHasher hasher;
  Auth auth;
  Users users;
  Messages messages;
  Documents documents;
  Notifications notifications;
};

Backend::Backend(Settings settings, Ports ports) : impl_(std::make_unique<Impl>(std::move(settings), std::move(ports))) {}
Backend::~Backend() = default;

Auth& Backend::auth() { return impl_->auth; }
Users& Backend::users() { return impl_->users; }
Messages& Backend::messages() { return impl_->messages; }
Documents& Backend::documents() { return impl_->documents; }
Notifications& Backend::notifications() { return impl_->notifications; }
const Settings& Backend::settings() const noexcept { return impl_->settings; }
Database& Backend::database() { return *impl_->database; }
const Clock& Backend::clock() const noexcept { return *impl_->clock; }

bool Backend::ready() noexcept {
  try {
    return !impl_->database->query("SELECT 1").empty();
  } catch (...) {
    return false;
  }
}

/// Members are destroyed from the last to the first: services, then the transaction (rolled back), then the files.
struct UnitOfWork::Impl {
  explicit Impl(Backend::Impl& parent)
      : blobs(*parent.blobs),
        transaction(parent.database->begin()),
        auth(*transaction, *parent.clock, parent.hasher, parent.settings),
        users(*transaction),
        messages(*transaction, *parent.clock, parent.settings),
        documents(*transaction, blobs, *parent.pdf_reader, *parent.clock, parent.settings),
        notifications(*transaction, *parent.clock) {}

  services::StagedBlobs blobs;
  std::unique_ptr<Transaction> transaction;
  Auth auth;
  Users users;
  Messages messages;
  Documents documents;
  Notifications notifications;
};

UnitOfWork Backend::begin() { return UnitOfWork(std::make_unique<UnitOfWork::Impl>(*impl_)); }

UnitOfWork::UnitOfWork(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
UnitOfWork::UnitOfWork(UnitOfWork&&) noexcept = default;
UnitOfWork::~UnitOfWork() = default;

Auth& UnitOfWork::auth() { return impl_->auth; }
Users& UnitOfWork::users() { return impl_->users; }
Messages& UnitOfWork::messages() { return impl_->messages; }
Documents& UnitOfWork::documents() { return impl_->documents; }
Notifications& UnitOfWork::notifications() { return impl_->notifications; }
Database& UnitOfWork::database() { return *impl_->transaction; }

void UnitOfWork::commit() {
  impl_->transaction->commit();
  impl_->blobs.accept();
}

}  // namespace backend
