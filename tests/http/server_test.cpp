// The whole server over a real socket, with a database in memory.
#include <backend/backend.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "http/application.h"
#include "routes/routes.h"
#include "transport/transport.h"

using namespace backend;
using namespace backend::server;

namespace {

Settings test_settings() {
  Settings settings;
  settings.database_url = "sqlite:///:memory:";
  settings.data_dir = std::filesystem::temp_directory_path() / ("http_tests_" + std::to_string(getpid()));
  settings.secret_key = std::string(40, 'k');
  settings.bcrypt_cost = 4;
  settings.log_level = "error";
  settings.upload_max_bytes = 1000;
  settings.workers = 8;
  return settings;
}

class ServerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { running_ = new Running; }
  static void TearDownTestSuite() {
    const auto folder = running_->settings.data_dir;
    delete running_;
    std::filesystem::remove_all(folder);
  }

  /// Sends the bytes and returns all that comes until the server closes.
  static std::string exchange(const std::string& bytes) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(running_->port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    std::string answer;
    char block[4096];
    for (ssize_t n; (n = recv(fd, block, sizeof block, 0)) > 0;) answer.append(block, static_cast<std::size_t>(n));
    close(fd);
    return answer;
  }

  static std::string call(std::string_view method, const std::string& target, const std::string& fields = {},
                          const std::string& body = {}) {
    return exchange(std::string(method) + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields +
                    (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body);
  }

  static int status(const std::string& answer) { return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0; }

  struct Running {
    Settings settings = test_settings();
    Backend backend{settings};
    Log log{settings};
    Application application{backend, log, all_routes()};
    std::unique_ptr<Transport> transport = httplib_transport({.port = 0, .threads = 8}, application);
    int port = transport->bind();
    std::thread thread{[this] { transport->run(); }};
    ~Running() {
      transport->stop(std::chrono::seconds(5));
      thread.join();
    }
  };
  static Running* running_;
};
ServerTest::Running* ServerTest::running_ = nullptr;

std::string with_numbers(std::string path) {
  for (std::size_t at; (at = path.find('{')) != std::string::npos;) path.replace(at, path.find('}') - at + 1, "1");
  return path;
}

}  // namespace

TEST_F(ServerTest, AsksForATokenOnEveryRowThatSaysSo) {
  int rows = 0;
  for (const RouteTable& table : running_->application.router().tables())
    for (const Route& route : table.routes) {
      if (route.access == Access::none) continue;
      ++rows;
      const std::string path = with_numbers(running_->application.router().full_path(table, route));
      const std::string answer = call(to_string(route.method), path);
      EXPECT_EQ(status(answer), 401) << path;
      EXPECT_NE(answer.find("WWW-Authenticate: Bearer\r\n"), std::string::npos) << path;
      EXPECT_NE(answer.find("{\"detail\":\"Not authenticated\"}"), std::string::npos) << path;
      EXPECT_EQ(status(call(to_string(route.method), path, "Authorization: Bearer junk\r\n")), 401) << path;
    }
  EXPECT_GT(rows, 30);
}

TEST_F(ServerTest, AnswersWithTheCommonHeaders) {
  for (const char* path : {"/", "/nope", "/api/v1/nope", "/me", "/docs"}) {
    const std::string answer = call("GET", path);
    for (const char* name : {"X-Request-ID: ", "X-Process-Time: ", "X-Content-Type-Options: nosniff", "Vary: "})
      EXPECT_NE(answer.find(name), std::string::npos) << path << " " << name;
  }
  EXPECT_NE(call("GET", "/", "X-Request-ID: mine-1\r\n").find("X-Request-ID: mine-1\r\n"), std::string::npos);
}

TEST_F(ServerTest, RegistersAndLetsIn) {
  const std::string json = "Content-Type: application/json\r\n";
  const std::string answer = call("POST", "/register", json, R"({"email":"a@example.com","password":"p","name":"A"})");
  ASSERT_EQ(status(answer), 200) << answer;
  const std::size_t at = answer.find("\"access_token\":\"") + 16;
  const std::string token = "Authorization: Bearer " + answer.substr(at, answer.find('"', at) - at) + "\r\n";
  EXPECT_NE(call("GET", "/protected", token).find("{\"message\":\"Hello user "), std::string::npos);
  EXPECT_EQ(status(call("HEAD", "/me", token)), 200);
  EXPECT_EQ(status(call("POST", "/pdf-info", token + "Content-Type: multipart/form-data; boundary=x\r\n", std::string(100000, 'x'))), 413);
}

TEST_F(ServerTest, ServesSeveralRequestsOnAConnection) {
  const std::string answer = exchange(
      "GET /health HTTP/1.1\r\nHost: x\r\n\r\nPOST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
      "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::size_t count = 0;
  for (std::size_t at = 0; (at = answer.find("HTTP/1.1 ", at)) != std::string::npos; ++at) ++count;
  EXPECT_EQ(count, 3u);
}

TEST_F(ServerTest, RefusesASharedPort) {
  const auto second = httplib_transport({.port = running_->port}, running_->application);
  EXPECT_THROW(second->bind(), Error);
}

TEST_F(ServerTest, ClosesAfterAConflict) {
  const std::string answer =
      exchange("POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status(answer), 400);
  EXPECT_EQ(answer.find("HTTP/1.1 ", 9), std::string::npos);
}

namespace {

class Always200 final : public Handler {
  HttpResponse handle(HttpRequest&) noexcept override { return {}; }
  HttpResponse refuse(int status, std::string_view) noexcept override { return {status, {}, {}, {}}; }
};

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return fd;
}

/// Sends a request that keeps the connection; true when it is answered.
bool answered(int fd) {
  constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) return false;
  char block[4096];
  const ssize_t n = recv(fd, block, sizeof block, 0);
  return n > 12 && std::string_view(block, 12) == "HTTP/1.1 200";
}

}  // namespace

TEST(HttplibTransport, KeepsIdleConnectionsWhileThreadsAreFree) {
  Always200 handler;
  const auto transport = httplib_transport({.port = 0, .threads = 64}, handler);
  const int port = transport->bind();
  std::thread server([&] { transport->run(); });

  const int idle = connect_to(port);
  EXPECT_TRUE(answered(idle));
  std::vector<std::thread> newcomers;
  for (int i = 0; i < 3; ++i) {
    newcomers.emplace_back([&] {
      for (int n = 0; n < 3000; ++n) {
        const int fd = connect_to(port);
        EXPECT_TRUE(answered(fd));
        close(fd);
      }
    });
  }
  for (std::thread& thread : newcomers) thread.join();
  EXPECT_TRUE(answered(idle));

  close(idle);
  transport->stop(std::chrono::seconds(5));
  server.join();
}
