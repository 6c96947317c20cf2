// The only file that knows cpp-httplib (0.11.4 to 0.18 tried). Of that library it uses the accept loop, the worker
// threads and the writing of responses. Request heads are read and judged here, because 0.11.4 accepts conflicting
// lengths and folded fields: httplib is shown a fixed harmless head, and bodies go through BodyReader.
#include <httplib.h>

#include <backend/error.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "transport/body_reader.h"
#include "transport/transport.h"

namespace backend::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint64_t discard_limit = 64 * 1024;  ///< of an unread body, so that the connection can be used again
constexpr std::size_t write_buffer = 64 * 1024;
constexpr std::size_t max_keep_alive_requests = 10000;
constexpr milliseconds poll_slice{50};

std::string address_of(int socket) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address = storage.ss_family == AF_INET6
                            ? static_cast<const void*>(&reinterpret_cast<sockaddr_in6*>(&storage)->sin6_addr)
                            : static_cast<const void*>(&reinterpret_cast<sockaddr_in*>(&storage)->sin_addr);
  return inet_ntop(storage.ss_family, address, text.data(), text.size()) ? text.data() : "";
}

/// One connection as httplib sees it: reads yield the head we made up, writes are gathered and sent with few calls.
/// It overrides the pure virtual functions of httplib::Stream by name, since their number grows with its versions.
class Connection final : public httplib::Stream {
 public:
  Connection(int socket, milliseconds io_timeout) : socket_(socket), io_timeout_(io_timeout) {}

  // -- httplib::Stream
  bool is_readable() const override { return shown_ < head_.size(); }
  bool is_writable() const override { return !failed_; }
  ssize_t read(char* to, size_t size) override {
    const std::size_t n = std::min(size, head_.size() - shown_);
    std::copy_n(head_.data() + shown_, n, to);
    shown_ += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, size_t size) override {
    pending_.append(from, size);
    if (pending_.size() >= write_buffer && !flush()) return -1;
    return failed_ ? -1 : static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_; }
  // Newer versions ask for these as well.
  bool wait_readable() const { return is_readable(); }
  bool wait_writable() const { return is_writable(); }
  time_t duration() const { return 0; }

  void show(bool head_only) {
    head_ = head_only ? "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" : "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    shown_ = 0;
  }

  // -- the peer
  bool has_input() const noexcept { return start_ < input_.size(); }
  bool wait(milliseconds timeout) const {
    pollfd entry{socket_, POLLIN, 0};
    return poll(&entry, 1, static_cast<int>(timeout.count())) > 0;
  }
  /// Appends what arrives; false at the end of the connection.
  bool receive_more() {
    if (start_ > 0) {
      input_.erase(0, start_);
      start_ = 0;
    }
    std::array<char, 16 * 1024> block;
    const ssize_t n = recv(socket_, block.data(), block.size(), 0);
    if (n <= 0) return false;
    input_.append(block.data(), static_cast<std::size_t>(n));
    return true;
  }
  std::string_view input() const noexcept { return std::string_view(input_).substr(start_); }
  void consume(std::size_t n) noexcept { start_ += n; }

  /// Body bytes: what came with the head first.
  std::size_t receive(std::span<char> out) {
    if (!has_input()) {
      if (out.size() >= 4096) return wait(io_timeout_) ? receive_into(out) : 0;
      if (!wait(io_timeout_) || !receive_more()) return 0;
    }
    const std::size_t n = input().copy(out.data(), out.size());
    consume(n);
    return n;
  }

  bool flush() {
    std::string_view left = pending_;
    while (!left.empty() && !failed_) {
      const ssize_t n = send(socket_, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n > 0) {
        left.remove_prefix(static_cast<std::size_t>(n));
        continue;
      }
      pollfd entry{socket_, POLLOUT, 0};
      if ((errno != EAGAIN && errno != EINTR) || poll(&entry, 1, static_cast<int>(io_timeout_.count())) <= 0)
        failed_ = true;
    }
    pending_.clear();
    return !failed_;
  }

  /// Says that nothing more comes and reads what the peer still sends, so that it sees our answer and not a reset.
  void linger() {
    flush();
    ::shutdown(socket_, SHUT_WR);
    const auto deadline = steady_clock::now() + std::chrono::seconds(2);
    std::array<char, 16 * 1024> block;
    while (steady_clock::now() < deadline && wait(milliseconds(500)) && receive_into(block) > 0) {
    }
  }

 private:
  std::size_t receive_into(std::span<char> out) {
    const ssize_t n = recv(socket_, out.data(), out.size(), 0);
    return n > 0 ? static_cast<std::size_t>(n) : 0;
  }

  int socket_;
  milliseconds io_timeout_;
  std::string head_;
  std::size_t shown_ = 0;
  std::string input_;
  std::size_t start_ = 0;
  std::string pending_;
  bool failed_ = false;
};

/// One answer on its way through httplib.
struct Exchange {
  HttpResponse response;
  bool close = false;
};
// httplib calls back with its own request only; the exchange belongs to the thread that serves the connection.
thread_local Exchange* current_exchange = nullptr;

/// How busy the threads are. A connection waits for a moment even when threads are free, until one wakes up: only with
/// all of them busy does somebody wait for somebody else.
class Load {
 public:
  explicit Load(std::size_t threads) : threads_(static_cast<int>(threads)) {}
  bool starved() const noexcept { return waiting > 0 && busy >= threads_; }
  std::atomic<int> waiting{0}, busy{0};

 private:
  const int threads_;
};

/// httplib's thread pool, keeping count.
class CountingPool final : public httplib::TaskQueue {
 public:
  CountingPool(std::size_t threads, Load& load) : pool_(threads), load_(load) {}
  using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue(std::declval<std::function<void()>>()));
  Enqueued enqueue(std::function<void()> task) override {
    ++load_.waiting;
    return pool_.enqueue([this, task = std::move(task)] {
      ++load_.busy;
      --load_.waiting;
      task();
      --load_.busy;
    });
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  httplib::ThreadPool pool_;
  Load& load_;
};

class HttplibServer final : public httplib::Server {
 public:
  HttplibServer(const TransportOptions& options, server::Handler& handler)
      : options_(options), handler_(handler), threads_(thread_count(options)), load_(threads_) {
    set_tcp_nodelay(true);
    set_keep_alive_max_count(max_keep_alive_requests);
    // SO_REUSEPORT, httplib's default, would let two servers share a port without a word.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
      fill(response, *current_exchange);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      // What httplib adds on its own.
      for (const char* name : {"Keep-Alive", "Connection"}) response.headers.erase(name);
      if (!current_exchange->response.headers.has("Accept-Ranges")) response.headers.erase("Accept-Ranges");
      if (current_exchange->close) response.set_header("Connection", "close");
      if (response.status == 204 || response.status == 304) response.headers.erase("Content-Length");
    });
    new_task_queue = [this] { return new CountingPool(threads_, load_); };
  }

  void listen_longer_backlog() { ::listen(svr_sock_, SOMAXCONN); }
  void begin_stop() { stopping_ = true; }
  /// httplib ignores stop() until its loop runs.
  void wait_until_started() const {
    for (int i = 0; i < 100 && !is_running(); ++i) std::this_thread::sleep_for(milliseconds(10));
  }

  /// True when no connection was left within `grace`.
  bool wait_idle(milliseconds grace) {
    std::unique_lock lock(mutex_);
    return idle_.wait_for(lock, grace, [this] { return sockets_.empty(); });
  }
  void cut_connections() {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }

 private:
  static std::size_t thread_count(const TransportOptions& options) {
    if (options.threads > 0) return static_cast<std::size_t>(options.threads);
    return std::max<std::size_t>(256, 8 * std::thread::hardware_concurrency());
  }

  static void fill(httplib::Response& to, const Exchange& exchange) {
    const HttpResponse& from = exchange.response;
    to.status = from.status;
    for (const HeaderField& field : from.headers) to.headers.emplace(field.name, field.value);
    if (!from.source || from.source->size() == 0) {
      to.body = from.body;
      return;
    }
    const auto send = [source = from.source](size_t offset, size_t length, httplib::DataSink& sink) {
      std::array<char, 64 * 1024> block;
      const std::size_t n = source->read(offset, std::span(block.data(), std::min(length, block.size())));
      return n > 0 && sink.write(block.data(), n);
    };
    const std::string type = to.get_header_value("Content-Type");
    to.headers.erase("Content-Type");
    to.set_content_provider(from.source->size(), type, send);
  }

  /// Private in httplib's class, but virtual: here a connection is ours from its first byte to its last.
  bool process_and_close_socket(socket_t socket) override {
    {
      const std::lock_guard lock(mutex_);
      sockets_.insert(socket);
    }
    serve(socket);
    const std::lock_guard lock(mutex_);
    sockets_.erase(socket);
    ::close(socket);
    if (sockets_.empty()) idle_.notify_all();
    return true;
  }

  void serve(int socket) {
    Connection connection(socket, options_.io_timeout);
    const std::string address = address_of(socket);
    for (std::size_t i = 0; i < max_keep_alive_requests; ++i) {
      if (!await_request(connection, i == 0)) return;
      if (!serve_one(connection, address)) return connection.linger();
    }
  }

  /// Waits for a request's first byte. An idle connection gives way when others wait for a thread.
  bool await_request(Connection& connection, bool first) {
    const auto deadline = steady_clock::now() + (first ? options_.head_timeout : options_.keep_alive_timeout);
    while (!connection.has_input()) {
      if (connection.wait(poll_slice)) return connection.receive_more();
      if (stopping_ || steady_clock::now() > deadline || (!first && load_.starved())) return false;
    }
    return true;
  }

  /// The size of the head at the front of the input, or a fault.
  std::variant<std::size_t, HeadFault> await_head(Connection& connection) {
    const auto deadline = steady_clock::now() + options_.head_timeout;
    for (std::size_t searched = 0;;) {
      while (connection.input().starts_with("\r\n")) connection.consume(2);  // RFC 9112 §2.2
      const std::string_view input = connection.input();
      const std::size_t from = searched > 3 ? searched - 3 : 0;
      const std::size_t end = input.find("\r\n\r\n", from);
      if (end != std::string_view::npos && end + 4 <= options_.max_head_bytes) return end + 4;
      if (const std::size_t bare = input.find("\n\n", from); bare != std::string_view::npos && bare < end)
        return HeadFault{400, "Bare line feed"};
      if (input.size() > options_.max_head_bytes) return too_long(input);
      searched = input.size();
      const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
      if (left.count() <= 0 || !connection.wait(left)) return HeadFault{408, "Request head took too long"};
      if (!connection.receive_more()) return HeadFault{0, {}};
    }
  }

  static HeadFault too_long(std::string_view input) {
    return input.find("\r\n") > max_target_bytes ? HeadFault{414, "URI too long"}
                                                 : HeadFault{431, "Request head too large"};
  }

  /// False when the connection is to be closed.
  bool serve_one(Connection& connection, const std::string& address) {
    const auto size = await_head(connection);
    if (const auto* fault = std::get_if<HeadFault>(&size)) return refuse(connection, *fault);
    const std::size_t bytes = std::get<std::size_t>(size);
    auto parsed = parse_request_head(connection.input().substr(0, bytes));
    if (const auto* fault = std::get_if<HeadFault>(&parsed)) return refuse(connection, *fault);
    connection.consume(bytes);

    RequestHead& head = std::get<RequestHead>(parsed);
    BodyReader body(
        head, [&](std::span<char> out) { return connection.receive(out); },
        [&] {
          connection.write("HTTP/1.1 100 Continue\r\n\r\n", 25);
          connection.flush();
        });
    HttpRequest request = to_request(head, address, body);
    Exchange exchange{handler_.handle(request)};
    exchange.close = !head.keep_alive || stopping_ || !body.discard(discard_limit);
    return answer(connection, exchange, request.method == "HEAD") && !exchange.close;
  }

  bool refuse(Connection& connection, const HeadFault& fault) {
    if (fault.status == 0) return false;
    Exchange exchange{handler_.refuse(fault.status, fault.detail), true};
    answer(connection, exchange, false);
    return false;
  }

  bool answer(Connection& connection, Exchange& exchange, bool head_only) {
    connection.show(head_only);
    current_exchange = &exchange;
    bool closed = false;
    const bool sent = process(this, connection, closed);
    current_exchange = nullptr;
    return connection.flush() && sent && !closed;
  }

  /// process_request() has more parameters from 0.15 on.
  template <class Self>
  static bool process(Self* self, Connection& connection, bool& closed) {
    if constexpr (requires { self->process_request(connection, false, closed, nullptr); })
      return self->process_request(connection, false, closed, nullptr);
    else
      return self->process_request(connection, std::string(), 0, std::string(), 0, false, closed, nullptr);
  }

  static HttpRequest to_request(RequestHead& head, const std::string& address, RequestBody& body) {
    HttpRequest request;
    request.method = std::move(head.method);
    const std::size_t mark = head.target.find('?');
    request.path = head.target.substr(0, mark);
    if (mark != std::string::npos) request.query = head.target.substr(mark + 1);
    request.headers = std::move(head.headers);
    request.remote_address = address;
    request.body = &body;
    return request;
  }

  TransportOptions options_;
  server::Handler& handler_;
  std::atomic<bool> stopping_{false};
  const std::size_t threads_;
  Load load_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::set<int> sockets_;
};

class HttplibTransport final : public Transport {
 public:
  HttplibTransport(const TransportOptions& options, server::Handler& handler)
      : options_(options), server_(options, handler) {}

  int bind() override {
    const int port = options_.port != 0 ? (server_.bind_to_port(options_.host, options_.port) ? options_.port : -1)
                                        : server_.bind_to_any_port(options_.host);
    if (port <= 0)
      throw Error(ErrorCode::invalid,
                  "cannot listen on " + options_.host + " port " + std::to_string(options_.port) + ": in use or not ours",
                  "PORT");
    server_.listen_longer_backlog();
    return port;
  }

  void run() override {
    server_.listen_after_bind();
  }

  void stop(milliseconds grace) override {
    server_.begin_stop();
    server_.wait_until_started();
    server_.stop();
    if (!server_.wait_idle(grace)) server_.cut_connections();
  }

 private:
  TransportOptions options_;
  HttplibServer server_;
};

}  // namespace

std::unique_ptr<Transport> httplib_transport(const TransportOptions& options, Handler& handler) {
  return std::make_unique<HttplibTransport>(options, handler);
}

}  // namespace backend::server
