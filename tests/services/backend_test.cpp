#include "host.h"

#include "adapters/adapters.h"

#include <backend/ports.h>

#include <dirent.h>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace backend {
namespace {

using testing_host::error_of;
using testing_host::field_of;
using testing_host::TemporaryFolder;

BACKEND_ON_EACH_ENGINE(BackendOnEachEngine);

int open_descriptors() {
  int count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder)) ++count;
  ::closedir(folder);
  return count;
}

long resident_kib() {
  long size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

Settings in_memory(const TemporaryFolder& folder) {
  Settings settings;
  settings.database_url = "sqlite:///:memory:";
  settings.data_dir = folder.path() / "data";
  settings.bcrypt_cost = 4;
  return settings;
}

TEST_P(BackendOnEachEngine, IsReady) { EXPECT_TRUE(backend_->ready()); }

TEST_P(BackendOnEachEngine, FindsEverythingAgain) {
  const auto user = make_user("a");
  const auto token = backend_->auth().issue_access_token(user).token;
  backend_.reset();
  backend_ = open();
  EXPECT_EQ(backend_->auth().authenticate(token).id, user.id);
}

// The tables and rows as the FastAPI backend makes them, its files beside them.
TEST_P(BackendOnEachEngine, AdoptsTheFastApiBackend) {
  if (backend_->database().engine() != Database::Engine::postgres) GTEST_SKIP() << "that backend has PostgreSQL only";
  auto& db = backend_->database();
  const auto schema = db.query("SELECT CAST(current_schema() AS TEXT)")[0].text(0);
  const auto uploads = folder_.path() / "uploads";
  std::filesystem::create_directories(uploads);
  const auto pdf = testing_host::fake_pdf("Old text");
  std::ofstream(uploads / "1.pdf", std::ios::binary) << pdf;
  db.exec_script("DROP SCHEMA " + schema + " CASCADE; CREATE SCHEMA " + schema + R"(;
    CREATE TABLE users (id SERIAL PRIMARY KEY, email VARCHAR(255) UNIQUE NOT NULL, password_hash VARCHAR(255) NOT NULL,
      name VARCHAR(255) NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
    CREATE TABLE messages (id SERIAL PRIMARY KEY, sender_id INTEGER NOT NULL REFERENCES users (id),
      recipient_id INTEGER NOT NULL REFERENCES users (id), content TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
    CREATE TABLE documents (id SERIAL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), filename VARCHAR(255) NOT NULL,
      file_path VARCHAR(500) NOT NULL, extracted_text TEXT, page_count INTEGER, file_size INTEGER,
      created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
    INSERT INTO users (email, password_hash, name) VALUES
      ('old@example.com', '$2b$04$iEexlW41KUdcfx1aQ156b.uWgu92i6oSP2WKOwRZQjVCRyl5JI2Vi', 'Old');
    INSERT INTO messages (sender_id, recipient_id, content) VALUES (1, 1, 'note');
    INSERT INTO documents (user_id, filename, file_path, extracted_text, page_count, file_size) VALUES
      (1, 'Old.pdf', 'uploads/1.pdf', E'Old text\n\n', 1, 18);)");
  auto adopting = settings();
  adopting.upload_dir = uploads;
  const auto backend = open(adopting);
  const auto user = backend->auth().log_in("OLD@example.com", "correct horse");
  EXPECT_EQ(user.full_name, "Old");
  EXPECT_EQ(backend->messages().conversation(user.id, user.id).at(0).content, "note");
  const auto found = backend->documents().list(user.id, {"OLD TEXT", {}, 20}).documents;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(backend->documents().open(user.id, found[0].id)->size(), pdf.size());
  EXPECT_EQ(backend->documents().page(user.id, found[0].id, 1).text, "Old text");
  EXPECT_EQ(backend->auth().register_user({"new@example.com", "long enough", "", {}}).id, 2);
}

/// Counts what goes to the database.
class CountingDatabase : public Database {
 public:
  explicit CountingDatabase(std::unique_ptr<Database> inner) : inner_(std::move(inner)) {}
  Engine engine() const noexcept override { return inner_->engine(); }
  Rows query(std::string_view sql, std::span<const Param> params) override { return ++count, inner_->query(sql, params); }
  std::int64_t exec(std::string_view sql, std::span<const Param> params) override { return ++count, inner_->exec(sql, params); }
  void exec_script(std::string_view sql) override { inner_->exec_script(sql); }
  std::unique_ptr<Transaction> begin() override { return ++count, inner_->begin(); }
  int count = 0;

 protected:
  bool should_retry(const Error&, int) noexcept override { return false; }

 private:
  std::unique_ptr<Database> inner_;
};

TEST(Backend, AuthenticatesSendsAndListsInOneStatementEach) {
  const TemporaryFolder folder;
  const auto settings = in_memory(folder);
  auto database = std::make_unique<CountingDatabase>(adapters::open_database(settings));
  auto& count = database->count;
  Ports ports;
  ports.database = std::move(database);
  Backend backend(settings, std::move(ports));
  const auto user = backend.auth().register_user({"a@example.com", "long enough", "", {}});
  const auto tokens = {backend.auth().issue_access_token(user).token, backend.auth().start_session(user).access.token};
  const auto statements = [&](auto&& work) {
    count = 0;
    work();
    return count;
  };
  for (const auto& token : tokens) EXPECT_EQ(statements([&] { backend.auth().authenticate(token); }), 1);
  EXPECT_EQ(statements([&] { backend.messages().send(user.id, user.id, "x", "key"); }), 1);
  EXPECT_EQ(statements([&] { backend.messages().list(user.id, {}); }), 1);
  EXPECT_EQ(statements([&] { backend.messages().conversation(user.id, user.id); }), 1);
  EXPECT_EQ(statements([&] { backend.documents().all(user.id); }), 1);
  EXPECT_EQ(statements([&] { backend.auth().log_in("a@example.com", "long enough"); }), 1);
}

TEST(Backend, NeedsNothingConfigured) {
  const TemporaryFolder folder;
  Settings settings;
  settings.data_dir = folder.path() / "data";
  settings.bcrypt_cost = 4;
  std::string token;
  {
    Backend backend(settings);
    token = backend.auth().issue_access_token(backend.auth().register_user({"a@example.com", "long enough", "", {}})).token;
  }
  Backend backend(settings);
  EXPECT_EQ(backend.auth().authenticate(token).id, 1);  // the made key was kept
  struct stat status {};
  ASSERT_EQ(::stat((settings.data_dir / "secret_key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(settings.data_dir.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST(Backend, KeepsSeveralApart) {
  const TemporaryFolder one, two;
  Backend first(in_memory(one)), second(in_memory(two));
  const auto user = first.auth().register_user({"a@example.com", "long enough", "", {}});
  EXPECT_FALSE(second.users().find(user.id));
  EXPECT_EQ(error_of([&] { second.auth().verify(first.auth().issue_access_token(user).token); }), "unauthenticated: Invalid token");
}

TEST(Backend, NamesTheSettingThatIsWrong) {
  const TemporaryFolder folder;
  const auto field = [&](auto change) {
    auto settings = in_memory(folder);
    change(settings);
    return field_of([&] { Backend backend(settings); });
  };
  EXPECT_EQ(field([](Settings& s) { s.database_url = "mysql://x"; }), "DATABASE_URL");
  EXPECT_EQ(field([](Settings& s) { s.bcrypt_cost = 99; }), "BCRYPT_COST");
  EXPECT_EQ(field([](Settings& s) { s.data_dir = "/proc/nowhere"; }), "DATA_DIR");
  EXPECT_EQ(field([](Settings& s) { s.environment = "production"; }), "SECRET_KEY");
  EXPECT_EQ(field([](Settings& s) { s.cors_origins = {"*"}; }), "CORS_ORIGINS");
}

TEST(Backend, LeavesNothingOpenWhenItCannotStart) {
  const TemporaryFolder folder;
  auto settings = in_memory(folder);
  settings.database_url = "sqlite:////proc/nowhere/app.db";
  EXPECT_NE(error_of([&] { Backend backend(settings); }), "");
  const int before = open_descriptors();
  for (int i = 0; i < 20; ++i) EXPECT_NE(error_of([&] { Backend backend(settings); }), "");
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Backend, OpensAndClosesAThousandTimes) {
  const TemporaryFolder folder;
  auto settings = in_memory(folder);
  const auto cycle = [&] {
    Backend backend(settings);
    EXPECT_TRUE(backend.ready());
  };
  for (int i = 0; i < 100; ++i) cycle();
  const int descriptors = open_descriptors();
  [[maybe_unused]] const long memory = resident_kib();
  for (int i = 0; i < 900; ++i) cycle();
  EXPECT_EQ(open_descriptors(), descriptors);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their quarantines grow
  EXPECT_LT(resident_kib() - memory, 2048);
#endif
}

TEST(Backend, OpensOneFileFromManyThreadsAtOnce) {
  const TemporaryFolder folder;
  Settings settings;
  settings.data_dir = folder.path() / "data";
  std::atomic<int> opened = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] {
        const auto error = error_of([&] { EXPECT_TRUE(Backend(settings).ready()); });
        EXPECT_EQ(error, "");
        opened += error.empty();
      });
  }
  EXPECT_EQ(opened, 3);
}

}  // namespace
}  // namespace backend
