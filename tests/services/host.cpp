#include "host.h"

#include "adapters/adapters.h"
#include "support/random.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace backend::testing_host {
namespace {

constexpr std::string_view head = "%PDF-fake\n";

std::string postgres_url() {
  const char* url = std::getenv("TEST_POSTGRES_URL");
  return url ? url : "";
}

void on_server(const std::string& sql) {
  adapters::open_postgres(postgres_url(), 1, std::chrono::seconds(10))->exec_script(sql);
}

PdfPageReport page_of(const std::string& text, int number, const PdfRequest& request) {
  PdfPageReport page;
  page.number = number;
  page.width = 612, page.height = 792;
  if (request.text) page.text = text;
  for (auto at = text.find("[table]"); request.tables && at != text.npos; at = text.find("[table]", at + 1))
    page.tables.push_back({{0, 0, 10, 10}, {{"a", std::nullopt}, {"1", "2"}}});
  std::istringstream words(text);
  double x = 0;
  for (std::string word; request.words && words >> word; x += 10) page.words.push_back({word, x, 0, x + 9, 12});
  return page;
}

}  // namespace

PdfReport FakePdfReader::read(std::span<const std::byte> pdf, const PdfRequest& request) {
  std::string text(reinterpret_cast<const char*>(pdf.data()), pdf.size());
  if (!text.starts_with(head) || text.find("broken") != text.npos) throw Error(ErrorCode::malformed, "broken");
  std::istringstream pages(text.substr(head.size()));
  PdfReport report;
  for (std::string page; std::getline(pages, page, '\f');) {
    ++report.page_count;
    const auto number = static_cast<int>(report.page_count);
    if (request.pages.empty() || std::find(request.pages.begin(), request.pages.end(), number) != request.pages.end())
      report.pages.push_back(page_of(page, number, request));
  }
  return report;
}

std::string fake_pdf(std::string_view pages) { return std::string(head) + std::string(pages); }

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

TemporaryFolder::TemporaryFolder() {
  auto pattern = (std::filesystem::temp_directory_path() / "backend_test_XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int TemporaryFolder::count_files(const char* folder) const {
  int count = 0;
  std::error_code fault;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_ / folder, fault)) count += entry.is_regular_file();
  return count;
}

void OnEachEngine::SetUp() {
  url_ = "sqlite:///" + (folder_.path() / "app.db").string();
  if (GetParam() == std::string_view("postgres")) {
    if (postgres_url().empty()) GTEST_SKIP() << "TEST_POSTGRES_URL names no server";
    schema_ = "services_";
    for (unsigned char c : support::random_bytes(8)) schema_ += static_cast<char>('a' + c % 26);
    on_server("CREATE SCHEMA " + schema_);
    url_ = postgres_url() + (postgres_url().find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + schema_;
  }
  backend_ = open();
}

void OnEachEngine::TearDown() {
  backend_.reset();
  if (!schema_.empty()) on_server("DROP SCHEMA " + schema_ + " CASCADE");
}

Settings OnEachEngine::settings() const {
  Settings settings;
  settings.database_url = url_;
  settings.data_dir = folder_.path() / "data";
  settings.secret_key = "test-secret-key-of-32-bytes-or-more";
  settings.bcrypt_cost = 4;
  settings.password_queue = 100;
  return settings;
}

std::unique_ptr<Backend> OnEachEngine::open(const Settings& settings) {
  Ports ports;
  auto clock = std::make_unique<ManualClock>();
  clock_ = clock.get();
  ports.clock = std::move(clock);
  ports.pdf_reader = std::make_unique<FakePdfReader>();
  return std::make_unique<Backend>(settings, std::move(ports));
}

User OnEachEngine::make_user(const std::string& name) {
  return backend_->auth().register_user({name + "@example.com", "long enough", name, {}});
}

UploadedDocument OnEachEngine::upload(UserId owner, std::string_view name, std::string_view pages) {
  return backend_->documents().upload(owner, name, bytes_of(fake_pdf(pages)));
}

}  // namespace backend::testing_host
