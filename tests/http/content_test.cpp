#include <gtest/gtest.h>

#include "http/byte_range.h"
#include "http/content_disposition.h"
#include "http/file_response.h"

using namespace backend::server;
using Kind = RangeRequest::Kind;

TEST(ByteRange, ReadsSatisfiableRanges) {
  const std::pair<const char*, ByteRange> table[] = {
      {"bytes=0-0", {0, 1}}, {"bytes=5-", {5, 95}}, {"bytes=-7", {93, 7}}, {"bytes=10-999", {10, 90}}, {"bytes=-999", {0, 100}},
      {"Bytes=0-9", {0, 10}}, {"bytes=0-99999999999999999999", {0, 100}}};
  for (const auto& [header, range] : table) {
    const RangeRequest request = parse_range(header, 100);
    EXPECT_EQ(request.kind, Kind::parts) << header;
    EXPECT_EQ(request.parts, std::vector{range}) << header;
  }
  EXPECT_EQ(parse_range("bytes=0-1, 5-6", 100).parts, (std::vector<ByteRange>{{0, 2}, {5, 2}}));
}

TEST(ByteRange, SaysWhatCannotBeSatisfied) {
  for (const char* header : {"bytes=100-", "bytes=-0", "bytes=18446744073709551616-"})
    EXPECT_EQ(parse_range(header, 100).kind, Kind::unsatisfiable) << header;
}

TEST(ByteRange, IgnoresWhatIsNone) {
  for (const char* header : {"", "bytes", "bytes=", "bytes=a-b", "bytes=9-0", "bytes=-", "items=0-1", "bytes=0x1-2", "bytes=+1-2",
                             "bytes=1-2-3", "bytes=--1", "bytes=0-5,3-9"})
    EXPECT_EQ(parse_range(header, 100).kind, Kind::whole) << header;
  std::string many = "bytes=0-0";
  for (int i = 1; i < 20; ++i) many += "," + std::to_string(i * 2) + "-" + std::to_string(i * 2);
  EXPECT_EQ(parse_range(many, 100).kind, Kind::whole);
}

TEST(ContentDisposition, HasBothForms) {
  EXPECT_EQ(attachment("Bericht “é”.pdf"),
            "attachment; filename=\"Bericht ___.pdf\"; filename*=UTF-8''Bericht%20%E2%80%9C%C3%A9%E2%80%9D.pdf");
}

TEST(ContentDisposition, CannotBeBrokenOutOf) {
  const std::string header = attachment("a\"b\\c\r\nd%41/e.pdf");
  EXPECT_EQ(header, "attachment; filename=\"a_b_c__d_41_e.pdf\"; filename*=UTF-8''a%22b%5Cc%0D%0Ad%2541%2Fe.pdf");
}

TEST(EntityTag, MatchesWeaklyInLists) {
  EXPECT_TRUE(etag_matches("\"x\", W/\"a\"", "\"a\""));
  EXPECT_TRUE(etag_matches("*", "\"a\""));
  EXPECT_FALSE(etag_matches("\"x\"", "\"a\""));
  EXPECT_FALSE(etag_matches("", "\"a\""));
}
