#include "assets/assets.h"

#include <zlib.h>

#include <array>
#include <stdexcept>

// Written by pack_assets.py into the build folder.
#define BACKEND_ASSET(index, name, media_type, etag, size) \
  extern "C" const char backend_asset_##index[], backend_asset_##index##_end[];
#include "assets.inc"
#undef BACKEND_ASSET

namespace backend::server {

const Asset* find_asset(std::string_view name) noexcept {
#define BACKEND_ASSET(index, name, media_type, etag, size) \
  Asset{name, media_type, etag,                            \
        {backend_asset_##index, static_cast<std::size_t>(backend_asset_##index##_end - backend_asset_##index)}, size},
  static const Asset assets[] = {
#include "assets.inc"
  };
#undef BACKEND_ASSET
  for (const Asset& asset : assets)
    if (asset.name == name) return &asset;
  return nullptr;
}

std::string inflated(const Asset& asset) {
  std::string out(asset.size, '\0');
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::runtime_error("zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(asset.gzip.data()));
  stream.avail_in = static_cast<uInt>(asset.gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("a packed asset is damaged");
  return out;
}

}  // namespace backend::server
