#include <gtest/gtest.h>

#include "support/pdf_builder.h"

namespace backend::pdf {
namespace {

using test::page_of;
using test::PdfBuilder;

std::vector<std::string> words_of(const Page& page, const WordOptions& options = {}) {
  std::vector<std::string> out;
  for (const Word& word : page.extract_words(options)) out.push_back(word.text);
  return out;
}

using Texts = std::vector<std::string>;

TEST(PdfText, KeepsSpaceBetweenTjStrings) {
  EXPECT_EQ(page_of("BT /F1 10 Tf 50 700 Td [(Hello) -400 (world)] TJ ET").extract_text(), "Hello world");
}

TEST(PdfText, JoinsNearStrings) {
  EXPECT_EQ(page_of("BT /F1 10 Tf 50 700 Td [(Hel) -100 (lo)] TJ ET").extract_text(), "Hello");
}

TEST(PdfText, HasALineForEachHeight) {
  EXPECT_EQ(
      page_of("BT /F1 10 Tf 50 600 Td (low) Tj 0 100 Td (high) Tj 100 1 Td (same) Tj ET").extract_text(),
      "high same\nlow");
}

TEST(PdfText, OfAnEmptyPageIsEmpty) {
  EXPECT_EQ(page_of("").extract_text(), "");
  EXPECT_TRUE(page_of("").extract_words().empty());
}

TEST(PdfText, ReadsTurnedTextDownwards) {
  EXPECT_EQ(page_of("BT /F1 10 Tf 0 -1 1 0 50 700 Tm (down) Tj ET").extract_text(), "down");
}

TEST(PdfText, WritesLigaturesOutUnlessToldNotTo) {
  PdfBuilder pdf;
  pdf.font("F1", "<< /Type /Font /Subtype /Type1 /BaseFont /Foo /Encoding << /Differences [65 /fi] >> >>");
  pdf.page("BT /F1 10 Tf 50 700 Td (A) Tj ET");
  const Page page = pdf.first_page();
  EXPECT_EQ(page.extract_text(), "fi");
  TextOptions options;
  options.words.expand_ligatures = false;
  EXPECT_EQ(page.extract_text(options), "\uFB01");
}

TEST(PdfWords, HaveBoxes) {
  const auto words = page_of("BT /F1 10 Tf 50 700 Td (ab cd) Tj ET").extract_words();
  ASSERT_EQ(words.size(), 2u);
  EXPECT_NEAR(words[0].x0, 50, 1e-6);
  EXPECT_NEAR(words[0].x1, 61.12, 1e-6);
  EXPECT_NEAR(words[1].top, 792 - 700 + 2.07 - 10, 1e-6);
}

TEST(PdfWords, FollowTheirOptions) {
  const Page page =
      page_of("BT /F1 10 Tf 50 700 Td (a.b c) Tj 20 0 Td (x) Tj -20 -50 Td (z) Tj 5 50 Td (y) Tj ET");
  EXPECT_EQ(words_of(page_of("BT /F1 10 Tf (a.b c) Tj ET"), {.split_at_punctuation = "."}),
            (Texts{"a", ".", "b", "c"}));
  EXPECT_EQ(words_of(page_of("BT /F1 10 Tf (a b) Tj ET"), {.keep_blank_chars = true}), (Texts{"a b"}));
  EXPECT_EQ(words_of(page_of("BT /F1 10 Tf [(a) -400 (b)] TJ ET"), {.x_tolerance = 5}), (Texts{"ab"}));
  EXPECT_EQ(words_of(page_of("BT /F1 10 Tf [(a) -200 (b)] TJ ET"), {.x_tolerance_ratio = 0.1}),
            (Texts{"a", "b"}));
  EXPECT_EQ(words_of(page_of("BT /F1 10 Tf 50 0 Td (b) Tj -50 0 Td (a) Tj ET"), {.use_text_flow = true}),
            (Texts{"b", "a"}));
}

TEST(PdfWords, RefuseNegativeTolerances) {
  try {
    page_of("").extract_words({.x_tolerance = -1});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::invalid);
    EXPECT_EQ(e.field(), "x_tolerance");
  }
}

TEST(PdfCharCount, CountsCodePoints) {
  EXPECT_EQ(char_count(""), 0u);
  EXPECT_EQ(char_count("a\u00E9\u65E5\U0001F600"), 4u);
}

}  // namespace
}  // namespace backend::pdf
