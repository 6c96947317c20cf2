#include "streams.h"

#include <zlib.h>

#include <algorithm>
#include <qpdf/Pipeline.hh>
#include <set>

#include "budget.h"

namespace backend::pdf {
namespace {

/// Collects what comes through and stops the pipeline at the limit.
class Collector : public Pipeline {
 public:
  Collector(std::string& out, std::size_t max_bytes)
      : Pipeline("collector", nullptr), out_(out), max_bytes_(max_bytes) {}

  void write(unsigned char const* data, std::size_t size) override {
    if (size > max_bytes_ - out_.size()) {
      overflowed_ = true;
      throw std::length_error("max_stream_bytes");
    }
    out_.append(reinterpret_cast<const char*>(data), size);
  }
  void finish() override {}

  /// QPDF turns exceptions of pipelines into warnings, so the reason is kept here.
  bool overflowed() const { return overflowed_; }

 private:
  std::string& out_;
  std::size_t max_bytes_;
  bool overflowed_ = false;
};

/// False if the stream could not be read or decoded to its end; `out` has what came before.
bool pipe(Object stream, qpdf_stream_decode_level_e level, std::string& out, std::size_t max_bytes) {
  Collector collector(out, max_bytes);
  bool complete = false;
  try {
    bool filtered = false;
    complete = stream.pipeStreamData(&collector, &filtered, 0, level, true, true);
    if (level != qpdf_dl_none && !filtered) {  // a filter for images, or unknown: these are the packed bytes
      out.clear();
      return false;
    }
  } catch (const std::exception&) {
    complete = false;
  }
  if (collector.overflowed()) throw_limit("max_stream_bytes");
  return complete;
}

/// What the oracle makes of damaged deflate data: everything if the damage is in the checksum or the end is
/// missing, and nothing if it is earlier.
std::string salvage_deflated(const std::string& packed, std::size_t max_bytes) {
  z_stream inflater{};
  if (inflateInit(&inflater) != Z_OK) return {};
  inflater.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  inflater.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  char buffer[1 << 15];
  int status = Z_OK;
  while (status == Z_OK && out.size() <= max_bytes) {
    inflater.next_out = reinterpret_cast<Bytef*>(buffer);
    inflater.avail_out = sizeof buffer;
    status = inflate(&inflater, Z_NO_FLUSH);
    out.append(buffer, sizeof buffer - inflater.avail_out);
  }
  const std::size_t checksum_and_end = 3;
  const bool damaged = status != Z_STREAM_END && status != Z_BUF_ERROR && status != Z_OK;
  const bool early = inflater.avail_in > checksum_and_end;
  inflateEnd(&inflater);
  if (out.size() > max_bytes) throw_limit("max_stream_bytes");
  if (damaged && early) out.clear();
  return out;
}

bool is_plain_flate(Object stream) {
  Object filter = entry(stream, "/Filter");
  if (filter.isArray() && filter.getArrayNItems() == 1) filter = filter.getArrayItem(0);
  const auto filter_name = name(filter);
  if (filter_name != "FlateDecode" && filter_name != "Fl") return false;
  Object parameters = entry(stream, "/DecodeParms");
  if (parameters.isArray() && parameters.getArrayNItems() == 1) parameters = parameters.getArrayItem(0);
  return number_or(entry(parameters, "/Predictor"), 1) == 1;
}

}  // namespace

void check_object_streams(QPDF& document, std::size_t max_stream_bytes) {
  constexpr std::size_t max_deflate_ratio = 1032;
  std::set<int> numbers;
  for (const auto& [id, position] : document.getXRefTable()) {
    if (position.getType() == 2) numbers.insert(position.getObjStreamNumber());
  }
  for (const int number_of_stream : numbers) {
    Object stream = document.getObjectByID(number_of_stream, 0);
    if (!stream.isStream()) continue;
    const auto size = static_cast<std::size_t>(std::max(0.0, number_or(entry(stream, "/Length"), 0)));
    const bool one_filter = elements(entry(stream, "/Filter")).size() < 2;
    if (!one_filter || size > max_stream_bytes / max_deflate_ratio) decoded_stream(stream, max_stream_bytes);
  }
}

std::string decoded_stream(Object stream, std::size_t max_stream_bytes) {
  std::string out;
  if (!stream.isStream()) return out;
  if (pipe(stream, qpdf_dl_generalized, out, max_stream_bytes)) return out;
  if (!is_plain_flate(stream)) return out;
  std::string packed;
  if (!pipe(stream, qpdf_dl_none, packed, max_stream_bytes)) return out;
  return salvage_deflated(packed, max_stream_bytes);
}

}  // namespace backend::pdf
