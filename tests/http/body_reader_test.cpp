#include "transport/body_reader.h"

#include <gtest/gtest.h>

using namespace backend::server;

namespace {

/// What the reader made of `bytes`, and how many it took: "<status>" or "content|rest".
std::string read(RequestHead head, std::string bytes, std::uint64_t max_bytes = 1000) {
  std::size_t at = 0;
  BodyReader reader(
      head,
      [&](std::span<char> out) {
        const std::size_t n = bytes.copy(out.data(), std::min<std::size_t>(out.size(), 3), at);
        at += n;
        return n;
      },
      [] {});
  std::string content;
  try {
    reader.read(max_bytes, [&](std::string_view block) { content += block; });
  } catch (const BodyError& error) {
    return std::to_string(error.status);
  }
  return content + "|" + bytes.substr(at);
}

RequestHead chunked() {
  RequestHead head;
  head.chunked = true;
  return head;
}
RequestHead of_length(std::uint64_t length) {
  RequestHead head;
  head.content_length = length;
  return head;
}

}  // namespace

TEST(BodyReader, TakesNoByteOfTheNextRequest) {
  EXPECT_EQ(read(of_length(5), "helloGET /"), "hello|GET /");
  EXPECT_EQ(read(chunked(), "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: x\r\n\r\nGET /"), "hello|GET /");
}

TEST(BodyReader, RefusesBrokenChunks) {
  for (const char* bytes : {"zz\r\n", "-2\r\n", "0x2\r\n", "\r\n", " 2\r\n{}\r\n0\r\n\r\n", "2\n{}\r\n0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n",
                            "2\r\n{}\n0\r\n\r\n", "fffffffffffffffff\r\n", "2\r\n{", "2\r\n{}\r\n"})
    EXPECT_EQ(read(chunked(), bytes), "400") << bytes;
}

TEST(BodyReader, StopsAtTheLimit) {
  EXPECT_EQ(read(of_length(11), "hello world", 10), "413");
  EXPECT_EQ(read(chunked(), "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n", 10), "413");
  EXPECT_EQ(read(chunked(), "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", 10), "helloworld|");
}

TEST(BodyReader, SaysWhenThePeerWentAway) { EXPECT_EQ(read(of_length(10), "hello"), "400"); }
