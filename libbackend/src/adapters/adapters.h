#pragma once
#include <backend/ports.h>
#include <backend/settings.h>

#include <memory>

/// One factory an adapter; the classes stay hidden in their .cpp files.
namespace backend::adapters {

/// WAL, foreign keys, synchronous=FULL, one writer and pooled readers. `path` ":memory:" opens a private database.
std::unique_ptr<Database> open_sqlite(const std::string& path, int readers, std::chrono::milliseconds timeout);

/// libpqxx, a pool of connections that reconnects. `url` as libpq understands it.
std::unique_ptr<Database> open_postgres(const std::string& url, int connections, std::chrono::milliseconds timeout);

/// Chooses by the URL's scheme: sqlite:///relative, sqlite:////absolute, sqlite:///:memory:, postgresql://, postgres://
/// (also SQLAlchemy's postgresql+psycopg2:// and the like). Throws Error invalid ("DATABASE_URL").
std::unique_ptr<Database> open_database(const Settings& settings);

/// Files in a folder: temporary, fsync, rename, fsync of the folder.
std::unique_ptr<Blobs> open_filesystem_blobs(const std::filesystem::path& folder);

std::unique_ptr<Clock> system_clock();

/// The engine in this process, at most settings.pdf_workers documents at a time.
std::unique_ptr<PdfReader> in_process_pdf_reader(const Settings& settings);

}  // namespace backend::adapters
