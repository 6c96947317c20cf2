#include "routes/upload_many.h"

#include <backend/documents.h>

#include "http/uploads.h"
#include "http/utf8.h"
#include "routes/render.h"

namespace backend::server {
namespace {

constexpr std::string_view form_field = "files";

/// A file of the form, and what became of it.
struct Slot {
  std::string filename;
  std::int64_t size = 0;
  std::optional<IncomingFile> file;
  std::optional<Error> error;
  std::optional<Document> document;
};

/// Streams each file into the file store; nothing is analysed before the form has come in whole.
class Receiver final : public FileTaker {
 public:
  explicit Receiver(Documents& documents) : documents_(documents) {}

  void begin(std::string_view filename) override {
    Slot& slot = slots.emplace_back();
    slot.filename = utf8_prefix(filename, 255);
    try {
      slot.file = documents_.receive(filename);
      slot.filename = slot.file->filename();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid) throw;
      slot.error = error;
    }
  }
  void data(std::string_view bytes) override {
    Slot& slot = slots.back();
    slot.size += static_cast<std::int64_t>(bytes.size());
    if (slot.file) slot.file->write(std::as_bytes(std::span(bytes)));
  }
  void end() override {}

  std::vector<Slot> slots;

 private:
  Documents& documents_;
};

/// Faults of the file itself; all others are the server's and end the request.
bool is_fault_of_file(ErrorCode code) {
  return code == ErrorCode::malformed || code == ErrorCode::password || code == ErrorCode::limit ||
         code == ErrorCode::unsupported || code == ErrorCode::invalid;
}

/// True when at least one was stored. A file that meets a full queue counts as failed once others are stored.
bool store(Documents& documents, UserId owner, std::vector<Slot>& slots) {
  bool stored = false;
  for (Slot& slot : slots) {
    if (!slot.file) continue;
    try {
      slot.document = documents.upload(owner, std::move(*slot.file)).document;
      stored = true;
    } catch (const Error& error) {
      if (!is_fault_of_file(error.code()) && !(stored && error.code() == ErrorCode::unavailable)) throw;
      slot.error = error;
    }
    slot.file.reset();
  }
  return stored;
}

Faults faults_of(const std::vector<Slot>& slots) {
  Faults faults;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Fault fault{"value_error", {}, slots[i].error->what(), json_quoted(slots[i].filename), {}};
    fault.loc = {std::string("body"), std::string(form_field), static_cast<std::int64_t>(i)};
    faults.push_back(std::move(fault));
  }
  return faults;
}

void render_failed(JsonWriter& json, const Slot& slot) {
  json.object([&] {
    json.member("id", nullptr);
    json.member("filename", slot.filename);
    json.member("page_count", 0);
    json.member("file_size", slot.size);
    json.member("status", "failed");
    json.member("error", slot.error->what());
    json.member("created_at", nullptr);
  });
}

}  // namespace

HttpResponse upload_documents(Context& c) {
  Receiver receiver(c.backend.documents());
  read_files(c, form_field, receiver);
  if (!store(c.backend.documents(), c.user(), receiver.slots)) throw InvalidRequest{faults_of(receiver.slots)};
  return c.json([&](JsonWriter& json) {
    json.object([&] {
      json.key("documents").array_of(receiver.slots, [&](const Slot& slot) {
        if (slot.document)
          render(json, *slot.document);
        else
          render_failed(json, slot);
      });
    });
  });
}

}  // namespace backend::server
