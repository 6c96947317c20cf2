#include "transport/request_head.h"

#include <gtest/gtest.h>

using namespace backend::server;

namespace {

int status_of(const std::string& head) {
  const auto parsed = parse_request_head(head);
  const auto* fault = std::get_if<HeadFault>(&parsed);
  return fault ? fault->status : 200;
}

const std::string get = "GET /x HTTP/1.1\r\nHost: h\r\n";
const std::string post = "POST /x HTTP/1.1\r\nHost: h\r\n";

}  // namespace

TEST(RequestHead, ReadsWhatIsSound) {
  const auto parsed = parse_request_head("GET /a?b=c HTTP/1.1\r\nHost: h\r\nX-A:  b \t\r\nConnection: close\r\n\r\n");
  const auto& head = std::get<RequestHead>(parsed);
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.target, "/a?b=c");
  EXPECT_EQ(head.headers.get("x-a"), "b");
  EXPECT_FALSE(head.keep_alive);
}

TEST(RequestHead, MakesAbsoluteTargetsRelative) {
  const auto parsed = parse_request_head("GET http://h:80/a?b HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(std::get<RequestHead>(parsed).target, "/a?b");
}

TEST(RequestHead, RefusesWhatTwoParsersCouldReadDifferently) {
  const std::pair<std::string, int> table[] = {
      {post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n", 400},
      {post + "Content-Length: 2, 2\r\n\r\n", 400},
      {post + "Content-Length: +2\r\n\r\n", 400},
      {post + "Content-Length: \r\n\r\n", 400},
      {post + "Content-Length: 18446744073709551617\r\n\r\n", 400},
      {post + "Content-Length : 2\r\n\r\n", 400},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {post + "Transfer-Encoding: \x0b" "chunked\r\n\r\n", 400},
      {"POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {get + "X-A: b\r\n c\r\n\r\n", 400},
      {get + "X-A: b\nX-B: c\r\n\r\n", 400},
      {get + "X-A: b\rX-B: c\r\n\r\n", 400},
      {get + std::string("X-A: b\0c\r\n\r\n", 12), 400},
      {get + "X A: b\r\n\r\n", 400},
      {get + ": b\r\n\r\n", 400},
      {get + "Host: again\r\n\r\n", 400},
      {"GET /x HTTP/1.1\r\n\r\n", 400},
      {"GET /x HTTP/2.0\r\nHost: h\r\n\r\n", 505},
      {"GET  /x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /x#y HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"G(T /x HTTP/1.1\r\nHost: h\r\n\r\n", 400}};
  for (const auto& [head, status] : table) EXPECT_EQ(status_of(head), status) << head;
}

TEST(RequestHead, HasLimits) {
  EXPECT_EQ(status_of("GET /" + std::string(8200, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"), 414);
  std::string fields;
  for (int i = 0; i < 101; ++i) fields += "X-" + std::to_string(i) + ": a\r\n";
  EXPECT_EQ(status_of(get + fields + "\r\n"), 431);
}
