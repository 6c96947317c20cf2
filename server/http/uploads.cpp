#include "http/uploads.h"

#include "http/multipart.h"
#include "http/request_input.h"
#include "http/url.h"

namespace backend::server {
namespace {

constexpr std::uint64_t form_overhead = 64 * 1024;  ///< delimiters, part heads and text fields of a form
constexpr std::size_t max_text_field = 64 * 1024;

class FormSink final : public PartSink {
 public:
  FormSink(std::string_view field, std::size_t max_files, FileTaker& taker)
      : field_(field), max_files_(max_files), taker_(taker) {}

  void begin(const PartHead& head) override {
    if (head.filename && ++files_ > max_files_)
      throw HttpError(413, "Too many files: at most " + std::to_string(max_files_) + " (UPLOAD_MAX_FILES)");
    wanted_ = head.name == field_;
    is_file_ = head.filename.has_value();
    if (!wanted_) return;
    if (is_file_)
      taker_.begin(*head.filename);
    else
      text_.clear();
  }
  void data(std::string_view bytes) override {
    if (!wanted_) return;
    if (is_file_) return taker_.data(bytes);
    if (text_.size() + bytes.size() > max_text_field) throw HttpError(413, "Form field too large");
    text_ += bytes;
  }
  void end() override {
    if (!wanted_) return;
    found_file_ = is_file_;
    found_text_ = !is_file_;
    if (is_file_) taker_.end();
  }

  bool found_file() const noexcept { return found_file_; }
  bool found_text() const noexcept { return found_text_; }
  const std::string& text() const noexcept { return text_; }

 private:
  std::string_view field_;
  std::size_t max_files_;
  FileTaker& taker_;
  std::size_t files_ = 0;
  bool wanted_ = false, is_file_ = false, found_file_ = false, found_text_ = false;
  std::string text_;
};

[[noreturn]] void refuse(std::string_view field, const char* type, const char* msg, std::string input, std::string ctx) {
  Fault fault{type, {}, msg, std::move(input), std::move(ctx)};
  fault.loc = {std::string("body"), std::string(field)};
  throw InvalidRequest{{std::move(fault)}};
}

/// FastAPI's fault, whose text goes on to name Python's class.
[[noreturn]] void refuse_text(std::string_view field, std::string_view text) {
  refuse(field, "value_error", "Value error, Expected UploadFile", json_quoted(text), R"({"error":{}})");
}

[[noreturn]] void refuse_missing(std::string_view field) { refuse(field, "missing", "Field required", "null", {}); }

/// What FastAPI makes of a form route's body that is no multipart.
[[noreturn]] void refuse_other_body(const Context& context, std::string_view field, std::string_view type) {
  if (context.face == Face::v1 && context.request.body->declared_length() != 0)
    throw HttpError(415, "Unsupported media type");
  if (type != "application/x-www-form-urlencoded") refuse_missing(field);
  std::string bytes;
  context.request.body->read(static_cast<std::uint64_t>(context.backend.settings().json_max_bytes),
                             [&](std::string_view block) { bytes += block; });
  const Parameters form = Parameters::parse(bytes);
  if (const std::string* text = form.find(field)) refuse_text(field, *text);
  refuse_missing(field);
}

class MemoryTaker final : public FileTaker {
 public:
  explicit MemoryTaker(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}
  void begin(std::string_view filename) override { file = {std::string(filename), {}}; }
  void data(std::string_view bytes) override {
    if (file.bytes.size() + bytes.size() > max_bytes_) throw HttpError(413, "File is over UPLOAD_MAX_BYTES");
    file.bytes += bytes;
  }
  void end() override {}

  MemoryFile file;

 private:
  std::uint64_t max_bytes_;
};

}  // namespace

void read_files(const Context& context, std::string_view field, FileTaker& taker) {
  const std::string_view content_type = context.request.headers.get("Content-Type");
  const std::string type = media_type(content_type);
  if (type != "multipart/form-data") refuse_other_body(context, field, type);
  check_multipart_boundary(context.request);
  const Settings& settings = context.backend.settings();
  FormSink sink(field, static_cast<std::size_t>(settings.upload_max_files), taker);
  MultipartParser parser(*header_parameter(content_type, "boundary"), sink);
  context.request.body->read(static_cast<std::uint64_t>(settings.upload_max_bytes) + form_overhead,
                             [&](std::string_view block) { parser.feed(block); });
  if (sink.found_text()) refuse_text(field, sink.text());
  if (!sink.found_file()) refuse_missing(field);
}

MemoryFile read_file(const Context& context) {
  MemoryTaker taker(static_cast<std::uint64_t>(context.backend.settings().upload_max_bytes));
  read_files(context, "file", taker);
  const bool compat = context.face == Face::compat;
  try {
    taker.file.filename =
        Documents::label(taker.file.filename, compat ? NamePolicy::cut_long : NamePolicy::refuse_long);
  } catch (const Error& error) {
    if (compat && error.code() == ErrorCode::invalid) throw HttpError(400, "Only PDF files are allowed");
    throw;
  }
  return std::move(taker.file);
}

}  // namespace backend::server
