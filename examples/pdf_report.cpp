// What is in these PDF files: pages, words of text, tables.
#include <backend/error.h>
#include <backend/pdf.h>

#include <iostream>

int main(int argc, char** argv) {
  int failed = 0;
  for (int i = 1; i < argc; ++i) {
    try {
      auto document = backend::pdf::Document::open(std::filesystem::path(argv[i]));
      std::cout << argv[i] << ": " << document.page_count() << " pages\n";
      for (std::size_t n = 0; n < document.page_count(); ++n) {
        auto page = document.page(n);
        std::cout << "  page " << n + 1 << ": " << page.extract_words().size() << " words, "
                  << page.extract_tables().size() << " tables\n";
      }
    } catch (const backend::Error& error) {
      std::cerr << argv[i] << ": " << error.what() << '\n';
      failed = 1;
    }
  }
  return failed;
}
