#pragma once
#include <backend/pdf.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace backend::test {

/// Builds small PDFs from their objects, for tests that need one feature each.
///
///     PdfBuilder pdf;
///     pdf.page("BT /F1 10 Tf 50 700 Td (Hello) Tj ET");
///     auto document = pdf.open();
///
/// Pages are US letter and have the fonts and XObjects that were added before them, by name.
class PdfBuilder {
 public:
  PdfBuilder() { objects_.resize(2); }  // 1 is the catalog, 2 the page tree

  /// Adds an object and returns its number.
  int object(std::string text) {
    objects_.push_back(std::move(text));
    return static_cast<int>(objects_.size());
  }

  int stream(std::string_view data, std::string_view dictionary = "") {
    std::string out = "<< /Length " + std::to_string(data.size());
    out += ' ';
    out += dictionary;
    out += " >>\nstream\n";
    out += data;
    out += "\nendstream";
    return object(std::move(out));
  }

  /// Makes an object a font of the pages that follow.
  int font(std::string_view name, std::string dictionary) {
    const int id = object(std::move(dictionary));
    fonts_ += entry(name, id);
    return id;
  }

  /// One of the standard fonts.
  int standard_font(std::string_view name = "F1", std::string_view base_font = "Helvetica") {
    std::string dictionary = "<< /Type /Font /Subtype /Type1 /BaseFont /";
    dictionary += base_font;
    return font(name, dictionary += " >>");
  }

  int form(std::string_view name, std::string_view content, std::string_view dictionary = "") {
    std::string full = "/Type /XObject /Subtype /Form /BBox [0 0 100 100] ";
    full += dictionary;
    const int id = stream(content, full);
    xobjects_ += entry(name, id);
    return id;
  }

  void xobject(std::string_view name, int id) { xobjects_ += entry(name, id); }

  /// Adds a page; `attributes` go into its dictionary and win over the default MediaBox.
  void page(std::string_view content, std::string_view attributes = "/MediaBox [0 0 612 792]") {
    const int contents = stream(content);
    std::string out =
        "<< /Type /Page /Parent 2 0 R /Contents " + reference(contents) + " /Resources << /Font << ";
    out += fonts_;
    out += ">> /XObject << ";
    out += xobjects_;
    out += ">> >> ";
    out += attributes;
    kids_ += reference(object(out += " >>")) + " ";
    ++page_count_;
  }

  /// The document information dictionary.
  void info(std::string text) { info_ = object(std::move(text)); }

  void replace(int id, std::string text) { objects_[static_cast<std::size_t>(id) - 1] = std::move(text); }

  /// The file.
  std::string bytes() const {
    auto objects = objects_;
    if (objects[0].empty()) objects[0] = "<< /Type /Catalog /Pages 2 0 R >>";
    if (objects[1].empty()) {
      objects[1] = "<< /Type /Pages /Count " + std::to_string(page_count_) + " /Kids [" + kids_ + "] >>";
    }
    std::string out = "%PDF-1.7\n", table;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      std::string offset = std::to_string(out.size());
      table += std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
      out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::size_t start = out.size();
    const std::string count = std::to_string(objects.size() + 1);
    out += "xref\n0 " + count + "\n0000000000 65535 f \n" + table + "trailer\n<< /Size " + count +
           " /Root 1 0 R";
    if (info_ != 0) out += " /Info " + reference(info_);
    return out + " >>\nstartxref\n" + std::to_string(start) + "\n%%EOF\n";
  }

  /// Opens the file. The builder keeps its bytes, so it must outlive the document.
  pdf::Document open(const pdf::OpenOptions& options = {}) {
    file_ = bytes();
    return pdf::Document::open(std::as_bytes(std::span(file_)), options);
  }

  /// The first page of the file.
  pdf::Page first_page(const pdf::OpenOptions& options = {}) { return open(options).page(0); }

  static std::string reference(int id) { return std::to_string(id) + " 0 R"; }

 private:
  static std::string entry(std::string_view name, int id) {
    std::string out(1, '/');
    out += name;
    return out + " " + reference(id) + " ";
  }

  std::vector<std::string> objects_;
  std::string fonts_, xobjects_, kids_, file_;
  int page_count_ = 0, info_ = 0;
};

/// A page with Helvetica as /F1 and this content.
inline pdf::Page page_of(std::string_view content) {
  PdfBuilder pdf;
  pdf.standard_font();
  pdf.page(content);
  return pdf.first_page();
}

/// The texts of a page's characters, one after the other.
inline std::string texts_of(const pdf::Page& page) {
  std::string out;
  for (const pdf::Char& c : page.chars()) out += c.text;
  return out;
}

}  // namespace backend::test
