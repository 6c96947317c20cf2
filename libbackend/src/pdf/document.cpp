#include <fstream>
#include <iterator>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QUtil.hh>

#include "interpreter.h"
#include "metadata.h"
#include "page_reader.h"
#include "page_tree.h"
#include "repair.h"
#include "streams.h"

namespace backend::pdf {

struct Document::Impl {
  QPDF qpdf;
  Limits limits;
  FontCache fonts;
  std::vector<PageNode> pages;
  std::filesystem::path path;        ///< of a file too large to be held in memory, otherwise empty
  std::string held;                  ///< the bytes of a file
  std::span<const std::byte> bytes;  ///< borrowed, or those of `held`

  explicit Impl(const Limits& l) : limits(l), fonts(l.max_stream_bytes) {
    qpdf.setSuppressWarnings(true);
    qpdf.setAttemptRecovery(true);
  }

  void read(const std::string& password) {
    if (path.empty()) {
      qpdf.processMemoryFile("document", reinterpret_cast<const char*>(bytes.data()), bytes.size(),
                             password.c_str());
    } else {
      qpdf.processFile(path.c_str(), password.c_str());
    }
  }

  std::string read_file(std::size_t offset, std::size_t size) const;
};

namespace {

[[noreturn]] void throw_malformed(const std::string& reason) {
  throw Error(ErrorCode::malformed, "the document cannot be read as PDF: " + reason);
}

/// QPDF seeks a lot, which is many times faster in memory.
constexpr std::uintmax_t max_held_file = 64u << 20;

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Where the PDF starts: offsets in it do not count what stands before its header.
std::size_t header_offset(std::string_view start) {
  const std::size_t found = start.find("%PDF-");
  return found == std::string_view::npos ? 0 : found;
}

}  // namespace

std::string Document::Impl::read_file(std::size_t offset, std::size_t size) const {
  constexpr std::size_t header_search = 1024;
  const auto at = [&](std::size_t from, std::size_t count) {
    std::string out;
    if (path.empty()) {
      const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return std::string(all.substr(std::min(from, all.size()), count));
    }
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(from));
    out.resize(count);
    file.read(out.data(), static_cast<std::streamsize>(count));
    out.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return out;
  };
  return at(header_offset(at(0, header_search)) + offset, size);
}

namespace {

/// A password is tried as it is, and then in the encodings that writers use for it.
template <class Impl>
void read_with_password(std::unique_ptr<Impl>& impl, const OpenOptions& options) {
  std::vector<std::string> passwords = {options.password};
  for (const std::string& other : QUtil::possible_repaired_encodings(options.password))
    passwords.push_back(other);
  for (std::size_t i = 0;; ++i) {
    try {
      impl->read(passwords[i]);
      return;
    } catch (const QPDFExc& e) {
      if (e.getErrorCode() != qpdf_e_password) throw;
      if (i + 1 == passwords.size()) {
        throw Error(ErrorCode::password, options.password.empty()
                                             ? "the document needs a password"
                                             : "the password does not open the document");
      }
      auto next = std::make_unique<Impl>(options.limits);
      next->path = impl->path;
      next->held = impl->held;
      next->bytes = impl->held.empty() ? impl->bytes : std::as_bytes(std::span(next->held));
      impl = std::move(next);
    }
  }
}

/// QPDF rebuilt the cross-reference table from the objects that it found.
bool was_rebuilt(QPDF& document) {
  const std::vector<QPDFExc> warnings = document.getWarnings();
  return std::any_of(warnings.begin(), warnings.end(), [](const QPDFExc& warning) {
    return warning.getMessageDetail().find("reconstruct") != std::string::npos;
  });
}

template <class Impl>
void require_catalog(Impl& impl) {
  const std::string_view file(reinterpret_cast<const char*>(impl.bytes.data()), impl.bytes.size());
  const bool lost = !file.empty() && was_rebuilt(impl.qpdf) && !has_trailer_line(file);
  if (lost || !impl.qpdf.getTrailer().hasKey("/Root"))
    throw std::runtime_error("No /Root object! - Is this really a PDF?");
}

template <class Impl>
void read_structure(std::unique_ptr<Impl>& impl, const OpenOptions& options) {
  read_with_password(impl, options);
  require_catalog(*impl);
  check_object_streams(impl->qpdf, options.limits.max_stream_bytes);
  impl->pages = find_pages(impl->qpdf, options.limits.max_pages);
}

/// The document of the first repaired version that can be read, or nullptr.
template <class Impl>
std::unique_ptr<Impl> repaired(const Impl& broken, const OpenOptions& options) {
  const std::string_view file(reinterpret_cast<const char*>(broken.bytes.data()), broken.bytes.size());
  for (std::string& version : repaired_versions(file)) {
    auto impl = std::make_unique<Impl>(options.limits);
    impl->held = std::move(version);
    impl->bytes = std::as_bytes(std::span(impl->held));
    try {
      read_structure(impl, options);
      return impl;
    } catch (const Error&) {
      throw;
    } catch (const std::exception&) {
      continue;
    }
  }
  return nullptr;
}

template <class Impl>
std::unique_ptr<Impl> opened(std::unique_ptr<Impl> impl, const OpenOptions& options) {
  try {
    read_structure(impl, options);
    return impl;
  } catch (const Error&) {
    throw;
  } catch (const std::exception& e) {
    if (auto other = repaired(*impl, options)) return other;
    throw_malformed(e.what());
  }
}

}  // namespace

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::open(const std::filesystem::path& path, const OpenOptions& options) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw Error(ErrorCode::not_found, "there is no file " + path.string(), "path");
  }
  auto impl = std::make_unique<Impl>(options.limits);
  if (std::filesystem::file_size(path, error) <= max_held_file) {
    impl->held = contents(path);
    impl->bytes = std::as_bytes(std::span(impl->held));
  } else {
    impl->path = path;
  }
  return Document(opened(std::move(impl), options));
}

Document Document::open(std::span<const std::byte> bytes, const OpenOptions& options) {
  auto impl = std::make_unique<Impl>(options.limits);
  impl->bytes = bytes;
  return Document(opened(std::move(impl), options));
}

std::size_t Document::page_count() const noexcept { return impl_->pages.size(); }

Page Document::page(std::size_t index) {
  if (index >= impl_->pages.size()) {
    throw Error(ErrorCode::invalid, "the document has no page with index " + std::to_string(index), "index");
  }
  return Page(read_page(impl_->pages[index], static_cast<int>(index) + 1, impl_->fonts, impl_->limits));
}

std::vector<std::pair<std::string, std::string>> Document::metadata() const {
  return read_metadata(
      impl_->qpdf, [this](std::size_t offset, std::size_t size) { return impl_->read_file(offset, size); });
}

}  // namespace backend::pdf
