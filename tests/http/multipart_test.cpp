#include "http/multipart.h"

#include <gtest/gtest.h>

#include "http/error_response.h"

using namespace backend::server;

namespace {

class Recorder final : public PartSink {
 public:
  void begin(const PartHead& head) override { seen += "[" + head.name + (head.filename ? "/" + *head.filename : "") + ":"; }
  void data(std::string_view bytes) override { seen += bytes; }
  void end() override { seen += "]"; }
  std::string seen;
};

/// What a form of boundary B holds, fed in blocks of `step` bytes.
std::string parts(const std::string& form, std::size_t step = 1000) {
  Recorder recorder;
  MultipartParser parser("B", recorder);
  try {
    for (std::size_t i = 0; i < form.size(); i += step) parser.feed(std::string_view(form).substr(i, step));
  } catch (const HttpError& error) {
    return error.detail;
  }
  return recorder.seen;
}

const std::string file =
    "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: x\r\n\r\n\r\n-\r\n--\r\nB\r\n";

}  // namespace

TEST(Multipart, FindsPartsHoweverTheBytesArrive) {
  const std::string form = file + "--B\r\ncontent-disposition: form-data; name=t\r\n\r\n\r\n--B--\r\nepilogue";
  for (std::size_t step = 1; step < form.size(); ++step) EXPECT_EQ(parts(form, step), "[file/a.pdf:\r\n-\r\n--\r\nB][t:]") << step;
}

TEST(Multipart, DoesNotEndAPartThatIsCutOff) { EXPECT_EQ(parts(file + "--"), "[file/a.pdf:\r\n-\r\n--\r\nB"); }

TEST(Multipart, RefusesWhatFastApiRefuses) {
  for (const char* form : {"garbage", "pre\r\n--B\r\n", "--C\r\n", "--B\nContent-Disposition: x\n\n", "--B\r\nnonsense\r\n\r\n"})
    EXPECT_EQ(parts(form), "Invalid multipart data.") << form;
  EXPECT_EQ(parts("--B\r\nContent-Type: x\r\n\r\nabc"), "The Content-Disposition header field \"name\" must be provided.");
}

TEST(Multipart, ReadsParameters) {
  EXPECT_EQ(header_parameter(R"(form-data; name="a\"b"; filename=c.pdf)", "name"), R"(a"b)");
  EXPECT_EQ(header_parameter(R"(form-data; name="a;b=c"; filename=c.pdf)", "filename"), "c.pdf");
  EXPECT_EQ(header_parameter(R"(form-data; filename*=UTF-8''x)", "filename"), std::nullopt);
  EXPECT_EQ(header_parameter("multipart/form-data", "boundary"), std::nullopt);
}
