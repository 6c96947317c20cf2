#include <backend/pdf.h>

#include <algorithm>

#include "adapters/adapters.h"
#include "support/gate.h"

namespace backend::adapters {
namespace {

PdfTable to_report(const pdf::Page& page, const pdf::Table& table) {
  return {{table.bbox.x0, table.bbox.top, table.bbox.x1, table.bbox.bottom}, page.extract_table(table)};
}

PdfPageReport read_page(const pdf::Page& page, const PdfRequest& request) {
  PdfPageReport report;
  report.number = page.number();
  report.width = page.width();
  report.height = page.height();
  report.image_count = page.images().size();
  if (request.text) {
    report.text = page.extract_text();
    report.char_count = pdf::char_count(report.text);
  }
  if (request.tables) {
    for (const auto& table : page.find_tables()) report.tables.push_back(to_report(page, table));
  }
  if (request.words) {
    for (auto& word : page.extract_words())
      report.words.push_back({std::move(word.text), word.x0, word.top, word.x1, word.bottom});
  }
  return report;
}

class InProcessPdfReader final : public PdfReader {
 public:
  explicit InProcessPdfReader(const Settings& settings)
      : gate_(settings.pdf_workers, settings.pdf_queue), timeout_(settings.pdf_timeout_ms) {
    limits_.max_pages = std::size_t(settings.pdf_max_pages);
    limits_.max_stream_bytes = std::size_t(settings.pdf_max_stream_bytes);
  }

  PdfReport read(std::span<const std::byte> bytes, const PdfRequest& request) override {
    support::Gate::Turn turn(gate_, "too many PDF files are being read (PDF_WORKERS, PDF_QUEUE)");
    const auto deadline = std::chrono::steady_clock::now() + timeout_;
    auto document = pdf::Document::open(bytes, {request.password, limits_before(deadline)});

    PdfReport report;
    report.page_count = document.page_count();
    report.metadata = document.metadata();
    if (!request.text && !request.tables && !request.words) return report;
    for (std::size_t number : chosen(request, report.page_count)) {
      if (std::chrono::steady_clock::now() >= deadline)
        throw Error(ErrorCode::limit, "reading the PDF took too long (PDF_TIMEOUT_MS)");
      report.pages.push_back(read_page(document.page(number - 1), request));
      report.has_text |= !report.pages.back().text.empty();
      report.has_tables |= !report.pages.back().tables.empty();
    }
    return report;
  }

 private:
  pdf::Limits limits_before(std::chrono::steady_clock::time_point deadline) const {
    pdf::Limits limits = limits_;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    limits.max_page_time = std::min(limits.max_page_time, std::max(left, std::chrono::milliseconds(1)));
    return limits;
  }

  static std::vector<std::size_t> chosen(const PdfRequest& request, std::size_t page_count) {
    std::vector<std::size_t> numbers;
    if (request.pages.empty()) {
      for (std::size_t n = 1; n <= page_count; ++n) numbers.push_back(n);
    }
    for (int n : request.pages) {
      if (n >= 1 && std::size_t(n) <= page_count) numbers.push_back(std::size_t(n));
    }
    return numbers;
  }

  support::Gate gate_;
  const std::chrono::milliseconds timeout_;
  pdf::Limits limits_;
};

}  // namespace

std::unique_ptr<PdfReader> in_process_pdf_reader(const Settings& settings) {
  return std::make_unique<InProcessPdfReader>(settings);
}

}  // namespace backend::adapters
