#include <gtest/gtest.h>

#include "support/pdf_builder.h"

namespace backend::pdf {
namespace {

using test::page_of;
using test::PdfBuilder;

TEST(PdfShapes, OfTwoPointsAreLines) {
  const Page page = page_of("3 w 10 10 m 60 10 l S 10 20 m 60 20 l h S");
  ASSERT_EQ(page.lines().size(), 2u);
  EXPECT_DOUBLE_EQ(page.lines()[0].top, 782);
  EXPECT_DOUBLE_EQ(page.lines()[0].width, 50);
  EXPECT_DOUBLE_EQ(page.lines()[0].line_width, 3);
  EXPECT_TRUE(page.lines()[0].stroke);
  EXPECT_FALSE(page.lines()[0].fill);
}

TEST(PdfShapes, AlongTheAxesAreRectangles) {
  const Page page = page_of(
      "20 20 30 30 re B 10 30 m 60 30 l 60 60 l 10 60 l h f 10 30 m 60 30 l 60 60 l 10 60 l 10 30 l h f*");
  ASSERT_EQ(page.rects().size(), 3u);
  EXPECT_DOUBLE_EQ(page.rects()[0].bottom, 772);
  EXPECT_TRUE(page.rects()[0].stroke && page.rects()[0].fill);
  EXPECT_TRUE(page.rects()[2].even_odd);
}

TEST(PdfShapes, OtherwiseAreCurves) {
  const Page page = page_of("100 100 m 110 110 120 120 130 100 c S 0 0 m 5 5 l 10 0 l h S 40 40 m S");
  ASSERT_EQ(page.curves().size(), 3u);
  EXPECT_DOUBLE_EQ(page.curves()[0].top, 692);  // end points only
  EXPECT_EQ(page.points(page.curves()[1]).size(), 4u);
}

TEST(PdfShapes, AreSplitAtMoves) {
  const Page page = page_of("10 10 m 20 20 m 30 20 l 0 0 5 5 re S");
  EXPECT_EQ(page.lines().size(), 1u);
  EXPECT_EQ(page.rects().size(), 1u);
  EXPECT_TRUE(page.curves().empty());
}

TEST(PdfShapes, KeepThePathAtTheObsoleteFill) {
  const Page page = page_of("10 10 50 50 re F 100 100 20 20 re S");
  EXPECT_EQ(page.rects().size(), 2u);
  EXPECT_FALSE(page.rects()[0].fill);
}

TEST(PdfShapes, ScaleTheLineWidthWhenItIsSet) {
  const Page page = page_of("q 2 0 0 2 0 0 cm 3 w 0 0 m 9 0 l S Q q 3 w 2 0 0 2 0 0 cm 0 0 m 9 0 l S Q");
  EXPECT_DOUBLE_EQ(page.lines()[0].line_width, 6);
  EXPECT_DOUBLE_EQ(page.lines()[1].line_width, 3);
}

TEST(PdfShapes, GiveEdges) {
  const Page page = page_of("10 10 m 60 10 l S 20 20 30 30 re S 0 0 m 5 5 l 10 5 l S");
  const auto edges = page.edges();
  ASSERT_EQ(edges.size(), 7u);
  EXPECT_EQ(edges[0].orientation, Orientation::horizontal);
  EXPECT_EQ(edges[3].orientation, Orientation::vertical);
  EXPECT_EQ(edges[5].orientation, Orientation::none);
  EXPECT_EQ(edges[6].orientation, Orientation::horizontal);
}

TEST(PdfPages, AreTurned) {
  PdfBuilder pdf;
  for (const char* attributes : {"/MediaBox [0 0 600 800] /Rotate 90", "/MediaBox [0 0 600 800] /Rotate 180",
                                 "/MediaBox [0 0 600 800] /Rotate -90"}) {
    pdf.page("100 200 30 10 re f", attributes);
  }
  Document document = pdf.open();
  const Page quarter = document.page(0), half = document.page(1), back = document.page(2);
  EXPECT_DOUBLE_EQ(quarter.width(), 800);
  EXPECT_EQ(quarter.rotation(), 90);
  EXPECT_DOUBLE_EQ(quarter.rects()[0].x0, 200);
  EXPECT_DOUBLE_EQ(quarter.rects()[0].top, 100);
  EXPECT_DOUBLE_EQ(half.rects()[0].x0, 470);
  EXPECT_EQ(back.rotation(), 270);
  EXPECT_DOUBLE_EQ(back.rects()[0].x1, 600);
}

TEST(PdfPages, KeepTheOriginOfTheirMediaBox) {
  PdfBuilder pdf;
  pdf.page("100 100 30 10 re f", "/MediaBox [10 20 610 820] /CropBox [50 50 300 300]");
  const Page page = pdf.first_page();
  EXPECT_DOUBLE_EQ(page.width(), 600);
  EXPECT_DOUBLE_EQ(page.rects()[0].x0, 100);
  EXPECT_DOUBLE_EQ(page.rects()[0].bottom, 800 - 100);
  EXPECT_DOUBLE_EQ(page.cropbox().x1, 300);
}

TEST(PdfPages, InheritFromTheTree) {
  PdfBuilder pdf;
  pdf.page("", "");
  pdf.replace(2, "<< /Type /Pages /Count 1 /Kids [4 0 R] /MediaBox [0 0 100 200] /Rotate 90 >>");
  EXPECT_DOUBLE_EQ(pdf.first_page().width(), 200);
}

}  // namespace
}  // namespace backend::pdf
