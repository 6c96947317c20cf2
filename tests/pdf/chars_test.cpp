#include <gtest/gtest.h>

#include "support/pdf_builder.h"

namespace backend::pdf {
namespace {

using test::page_of;
using test::PdfBuilder;
using test::texts_of;

constexpr double tolerance = 1e-6;
constexpr double width_a = 5.56;  // of Helvetica's a and b at 10 points

TEST(PdfChars, HaveBoxesFromDescentUpwards) {
  const Page page = page_of("BT /F1 10 Tf 50 700 Td (ab) Tj ET");
  ASSERT_EQ(page.chars().size(), 2u);
  const Char& a = page.chars()[0];
  EXPECT_EQ(a.text, "a");
  EXPECT_EQ(page.font_name(a), "Helvetica");
  EXPECT_NEAR(a.x0, 50, tolerance);
  EXPECT_NEAR(a.x1, 50 + width_a, tolerance);
  EXPECT_NEAR(a.bottom, 792 - 700 + 2.07, tolerance);
  EXPECT_NEAR(a.top, a.bottom - 10, tolerance);
  EXPECT_NEAR(a.size, 10, tolerance);
  EXPECT_TRUE(a.upright);
  EXPECT_NEAR(page.chars()[1].x0, 50 + width_a, tolerance);
}

TEST(PdfChars, TakeCharacterSpacingBeforeAllButTheFirst) {
  const Page page = page_of("BT /F1 10 Tf 2 Tc 50 700 Td (ab) Tj (a) Tj ET");
  EXPECT_NEAR(page.chars()[1].x0, 52 + width_a, tolerance);
  EXPECT_NEAR(page.chars()[2].x0, 52 + 2 * width_a, tolerance);
}

TEST(PdfChars, TakeWordSpacingAfterSpaces) {
  const Page page = page_of("BT /F1 10 Tf 5 Tw 50 700 Td ( a) Tj ET");
  EXPECT_NEAR(page.chars()[1].x0, 50 + 2.78 + 5, tolerance);
}

TEST(PdfChars, AreScaledHorizontally) {
  const Page page = page_of("BT /F1 10 Tf 50 Tz 50 700 Td (ab) Tj ET");
  EXPECT_NEAR(page.chars()[1].x0, 50 + width_a / 2, tolerance);
}

TEST(PdfChars, MoveByNumbersOfTJ) {
  const Page page = page_of("BT /F1 10 Tf 50 700 Td [(a) -500 (b)] TJ ET");
  EXPECT_NEAR(page.chars()[1].x0, 50 + width_a + 5, tolerance);
}

TEST(PdfChars, IgnoreOperatorsWithinTJ) {
  EXPECT_EQ(texts_of(page_of("BT /F1 9 Tf [(a) Tj (b)] TJ ET")), "ab");
}

TEST(PdfChars, AreRaisedByRise) {
  const Page page = page_of("BT /F1 10 Tf 5 Ts 50 700 Td (a) Tj ET");
  EXPECT_NEAR(page.chars()[0].bottom, 792 - 705 + 2.07, tolerance);
}

TEST(PdfChars, AreNotUprightWhenTurned) {
  const Page page = page_of("BT /F1 10 Tf 0 1 -1 0 50 700 Tm (ab) Tj ET");
  EXPECT_FALSE(page.chars()[0].upright);
  EXPECT_NEAR(page.chars()[0].bottom, 92, tolerance);
  EXPECT_NEAR(page.chars()[1].bottom, 92 - width_a, tolerance);
}

TEST(PdfChars, OfQuoteOperatorsFollowLeading) {
  const Page page = page_of("BT /F1 10 Tf 12 TL 50 700 Td (a) Tj (b) ' 1 2 (c) \" ET");
  EXPECT_NEAR(page.chars()[1].top - page.chars()[0].top, 12, tolerance);
  EXPECT_NEAR(page.chars()[2].top, page.chars()[1].top, tolerance);  // the double quote does not move
}

TEST(PdfChars, AreKeptWhenInvisibleOrClipped) {
  EXPECT_EQ(texts_of(page_of("0 0 1 1 re W n BT /F1 9 Tf 3 Tr 50 700 Td (ab) Tj ET")), "ab");
}

TEST(PdfChars, WithoutAFontAreNotShown) { EXPECT_EQ(texts_of(page_of("BT 50 700 Td (ab) Tj ET")), ""); }

TEST(PdfChars, OfAnUnknownFontHaveNoWidth) {
  const Page page = page_of("BT /Nope 10 Tf 50 700 Td (ab) Tj ET");
  ASSERT_EQ(page.chars().size(), 2u);
  EXPECT_EQ(page.font_name(page.chars()[0]), "unknown");
  EXPECT_NEAR(page.chars()[1].x0, 50, tolerance);
}

TEST(PdfChars, SurviveAbsurdNumbers) {
  const Page page = page_of(
      "BT /F1 99999999999999999999999999999999999999999999999999999999999999999999999999 Tf 1e9 0 Td (a) Tj "
      "ET "
      "q 1" +
      std::string(400, '0') + " 0 0 1 0 0 cm 0 0 1 1 re f Q BT /F1 10 Tf 1 0 0 1 50 700 Tm (b) Tj ET");
  EXPECT_EQ(page.chars().back().text, "b");
}

TEST(PdfFonts, TakeWidthsFromTheFile) {
  PdfBuilder pdf;
  pdf.font("F1",
           "<< /Type /Font /Subtype /TrueType /BaseFont /AAAAAA+Foo /FirstChar 65 /Widths [700 600] "
           "/FontDescriptor "
           "<< /Type /FontDescriptor /FontName /AAAAAA+Foo /Descent 210 /MissingWidth 333 >> >>");
  pdf.page("BT /F1 10 Tf 50 700 Td (ABC) Tj ET");
  const Page page = pdf.first_page();
  EXPECT_NEAR(page.chars()[1].x0, 57, tolerance);
  EXPECT_NEAR(page.chars()[2].x0, 63, tolerance);
  EXPECT_NEAR(page.chars()[2].x1, 66.33, tolerance);
  EXPECT_NEAR(page.chars()[0].bottom, 92 + 2.1, tolerance);  // a positive descent means a negative one
  EXPECT_EQ(page.font_name(page.chars()[0]), "AAAAAA+Foo");
}

TEST(PdfFonts, ReadDifferences) {
  PdfBuilder pdf;
  pdf.font("F1",
           "<< /Type /Font /Subtype /TrueType /BaseFont /Foo /Encoding << /Type /Encoding /Differences "
           "[65 /f_i /uni20AC /u1F600 /A.alt /nonsense] >> >>");
  pdf.page("BT /F1 10 Tf 50 700 Td (ABCDE) Tj ET");
  EXPECT_EQ(texts_of(pdf.first_page()), "fi\u20AC\U0001F600AE");
}

TEST(PdfFonts, PreferToUnicode) {
  PdfBuilder pdf;
  const int map = pdf.stream(
      "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
      "1 beginbfchar <41> <00480069> endbfchar 2 beginbfrange <42> <44> <0061> <45> <46> [<D83DDE00> <00A0>] "
      "endbfrange "
      "endcmap");
  pdf.font("F1",
           "<< /Type /Font /Subtype /Type1 /BaseFont /Foo /ToUnicode " + PdfBuilder::reference(map) + " >>");
  pdf.page("BT /F1 10 Tf 50 700 Td (ABCDEFG) Tj ET");
  EXPECT_EQ(texts_of(pdf.first_page()), "Hiabc\U0001F600\u00A0G");
}

TEST(PdfFonts, NameCodesWithoutMeaning) {
  const Page page = page_of("BT /F1 10 Tf 50 700 Td (\\001a) Tj ET");
  EXPECT_EQ(page.chars()[0].text, "(cid:1)");
}

TEST(PdfFonts, IgnoreHugeRangesOfToUnicode) {
  PdfBuilder pdf;
  std::string cmap = "begincmap ";
  for (int i = 0; i < 200; ++i) cmap += "1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange ";
  const int map = pdf.stream(cmap);
  pdf.font("F1",
           "<< /Type /Font /Subtype /Type1 /BaseFont /Foo /ToUnicode " + PdfBuilder::reference(map) + " >>");
  pdf.page("BT /F1 10 Tf 50 700 Td (\\000) Tj ET");
  EXPECT_EQ(texts_of(pdf.first_page()), "A");
}

TEST(PdfFonts, OfTypeZeroReadTwoBytes) {
  PdfBuilder pdf;
  const int map = pdf.stream("begincmap 1 beginbfrange <0001> <0002> <0041> endbfrange endcmap");
  pdf.font("F1",
           "<< /Type /Font /Subtype /Type0 /BaseFont /Foo /Encoding /Identity-H /ToUnicode " +
               PdfBuilder::reference(map) +
               " /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Foo /DW 500 /W [2 [700]] "
               "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>");
  pdf.page("BT /F1 10 Tf 50 700 Td <000100020003> Tj ET");
  const Page page = pdf.first_page();
  EXPECT_EQ(texts_of(page), "AB(cid:3)");
  EXPECT_NEAR(page.chars()[1].x0, 55, tolerance);
  EXPECT_NEAR(page.chars()[1].x1, 62, tolerance);
}

std::string cjk_font(std::string_view encoding, std::string_view ordering) {
  std::string out = "<< /Type /Font /Subtype /Type0 /BaseFont /Foo /Encoding /";
  out += encoding;
  out +=
      " /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Foo /CIDSystemInfo << /Registry "
      "(Adobe) /Ordering (";
  out += ordering;
  return out + ") /Supplement 2 >> >>] >>";
}

TEST(PdfFonts, KnowPredefinedCMaps) {
  PdfBuilder pdf;
  pdf.font("F1", cjk_font("90ms-RKSJ-H", "Japan1"));
  pdf.font("F2", cjk_font("GBK-EUC-H", "GB1"));
  pdf.page("BT /F1 10 Tf 50 700 Td <93FA967B> Tj /F2 10 Tf <D6D0CEC4> Tj ET");
  EXPECT_EQ(texts_of(pdf.first_page()), "日本中文");
}

TEST(PdfFonts, OfVerticalWritingGoDown) {
  PdfBuilder pdf;
  pdf.font("F1", cjk_font("UniJIS-UCS2-V", "Japan1"));
  pdf.page("BT /F1 10 Tf 50 700 Td <65E5672C> Tj ET");
  const Page page = pdf.first_page();
  EXPECT_EQ(texts_of(page), "日本");
  EXPECT_NEAR(page.chars()[0].x0, 45, tolerance);
  EXPECT_NEAR(page.chars()[1].top - page.chars()[0].top, 10, tolerance);
}

TEST(PdfFonts, WithAnUnknownCMapShowNothing) {
  PdfBuilder pdf;
  pdf.font("F1", cjk_font("No-Such-Map", "Japan1"));
  pdf.page("BT /F1 10 Tf 50 700 Td <93FA967B> Tj ET");
  EXPECT_EQ(texts_of(pdf.first_page()), "");
}

TEST(PdfFonts, OfTypeThreeHaveTheirOwnScale) {
  PdfBuilder pdf;
  pdf.font("F1",
           "<< /Type /Font /Subtype /Type3 /FontBBox [0 -2 10 8] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 65 "
           "/Widths [8] "
           "/CharProcs << >> /Encoding << /Differences [65 /A] >> >>");
  pdf.page("BT /F1 10 Tf 50 700 Td (A) Tj ET");
  const Page page = pdf.first_page();
  EXPECT_NEAR(page.chars()[0].x1, 58, tolerance);
  EXPECT_NEAR(page.chars()[0].bottom, 94, tolerance);
}

TEST(PdfForms, AreTransformedAndStartAfresh) {
  PdfBuilder pdf;
  const int font = pdf.standard_font();
  pdf.form("X1", "BT /F1 8 Tf 1 1 Td (f) Tj ET 0 0 1 1 re S",
           "/Matrix [2 0 0 2 100 100] /Resources << /Font << /F1 " + PdfBuilder::reference(font) + " >> >>");
  pdf.form("X2", "BT 1 1 Td (inherits no font) Tj ET");
  pdf.page("4 w BT /F1 10 Tf 1 0 0 1 0 0 Tm ET q /X1 Do Q /X2 Do");
  const Page page = pdf.first_page();
  ASSERT_EQ(texts_of(page), "f");
  EXPECT_NEAR(page.chars()[0].x0, 102, tolerance);
  EXPECT_NEAR(page.chars()[0].size, 16, tolerance);
  EXPECT_EQ(page.rects()[0].line_width, 0);
}

TEST(PdfForms, ThatContainThemselvesStop) {
  PdfBuilder pdf;
  pdf.standard_font();
  const int form = pdf.form("X1", "");
  const std::string content = "BT /F1 9 Tf (a) Tj ET /X1 Do";
  pdf.replace(form, "<< /Subtype /Form /BBox [0 0 1 1] /Length " + std::to_string(content.size()) +
                        " >>\nstream\n" + content + "\nendstream");
  pdf.page("/X1 Do");
  EXPECT_EQ(texts_of(pdf.first_page()), "a");
}

TEST(PdfImages, HaveTheBoxOfTheUnitSquare) {
  PdfBuilder pdf;
  pdf.xobject("I1", pdf.stream("x", "/Type /XObject /Subtype /Image /Width 1 /Height 1"));
  pdf.page("q 30 0 0 20 100 200 cm /I1 Do Q q 5 0 0 5 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \\xff EI Q");
  const Page page = pdf.first_page();
  ASSERT_EQ(page.images().size(), 2u);
  EXPECT_NEAR(page.images()[0].x1, 130, tolerance);
  EXPECT_NEAR(page.images()[0].top, 792 - 220, tolerance);
  EXPECT_NEAR(page.images()[1].x1, 5, tolerance);
}

}  // namespace
}  // namespace backend::pdf
