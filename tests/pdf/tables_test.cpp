#include <gtest/gtest.h>

#include "support/pdf_builder.h"

namespace backend::pdf {
namespace {

using test::page_of;

using Row = std::vector<std::optional<std::string>>;

/// Two rows and two columns of 100 by 20 points from (100, 600) up, with a text in each cell.
std::string cell_texts() {
  return "BT /F1 10 Tf 1 0 0 1 105 625 Tm (a b) Tj 1 0 0 1 205 625 Tm (c) Tj 1 0 0 1 105 605 Tm (d) Tj ET ";
}

std::string grid_of_lines() {
  return "100 600 m 300 600 l S 100 620 m 300 620 l S 100 640 m 300 640 l S "
         "100 600 m 100 640 l S 200 600 m 200 640 l S 300 600 m 300 640 l S ";
}

TEST(PdfTables, AreFoundBetweenLines) {
  const Page page = page_of(grid_of_lines() + cell_texts());
  const auto tables = page.find_tables();
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_DOUBLE_EQ(tables[0].bbox.x0, 100);
  EXPECT_DOUBLE_EQ(tables[0].bbox.top, 792 - 640);
  EXPECT_DOUBLE_EQ(tables[0].bbox.bottom, 792 - 600);
  EXPECT_EQ(page.extract_table(tables[0]), (TableText{{"a b", "c"}, {"d", ""}}));
  EXPECT_EQ(page.extract_tables(), (std::vector<TableText>{{{"a b", "c"}, {"d", ""}}}));
}

TEST(PdfTables, AreFoundBetweenRectangles) {
  const Page page = page_of(
      "100 600 100 20 re S 200 600 100 20 re S 100 620 100 20 re S 200 620 100 20 re S " + cell_texts());
  EXPECT_EQ(page.extract_tables(), (std::vector<TableText>{{{"a b", "c"}, {"d", ""}}}));
}

TEST(PdfTables, HaveNothingWhereCellsAreMerged) {
  const Page page = page_of("100 600 100 20 re S 200 600 100 20 re S 100 620 200 20 re S " + cell_texts());
  EXPECT_EQ(page.extract_tables(), (std::vector<TableText>{{{"a b c", std::nullopt}, {"d", ""}}}));
}

TEST(PdfTables, OfOneCellAreNone) { EXPECT_TRUE(page_of("100 600 100 20 re S").find_tables().empty()); }

TEST(PdfTables, AreApartWithoutACommonCorner) {
  const Page page = page_of("100 600 50 20 re S 150 600 50 20 re S 100 300 50 20 re S 150 300 50 20 re S");
  const auto tables = page.find_tables();
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_LT(tables[0].bbox.top, tables[1].bbox.top);
}

TEST(PdfTables, CanBeFoundByLinesAlone) {
  const Page page = page_of("100 600 100 20 re S 200 600 100 20 re S " + cell_texts());
  EXPECT_TRUE(page.find_tables({.vertical_strategy = TableStrategy::lines_strict}).empty());
}

TEST(PdfTables, CanBeFoundByExplicitLines) {
  const Page page = page_of(cell_texts());
  TableSettings settings;
  settings.vertical_strategy = settings.horizontal_strategy = TableStrategy::explicit_lines;
  settings.explicit_vertical_lines = {100, 200, 300};
  settings.explicit_horizontal_lines = {152, 172, 192};
  EXPECT_EQ(page.extract_tables(settings), (std::vector<TableText>{{{"a b", "c"}, {"d", ""}}}));
}

TEST(PdfTables, CanBeFoundByText) {
  std::string content = "BT /F1 10 Tf ";
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 3; ++column) {
      content += "1 0 0 1 " + std::to_string(100 + 100 * column) + " " + std::to_string(600 - 30 * row) +
                 " Tm (x) Tj ";
    }
  }
  TableSettings settings;
  settings.vertical_strategy = settings.horizontal_strategy = TableStrategy::text;
  const auto tables = page_of(content + "ET").extract_tables(settings);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0][0][0], "x");
}

TEST(PdfTables, RefuseSettingsWithoutSense) {
  const auto refused_field = [](const TableSettings& settings) {
    try {
      page_of("").find_tables(settings);
    } catch (const Error& e) {
      return e.code() == ErrorCode::invalid ? e.field() : "";
    }
    return std::string();
  };
  EXPECT_EQ(refused_field({.snap_x_tolerance = -1}), "snap_x_tolerance");
  EXPECT_EQ(refused_field({.vertical_strategy = TableStrategy::explicit_lines}), "explicit_vertical_lines");
}

TEST(PdfTables, StopAtTheLimitOfCrossings) {
  std::string content;
  for (int i = 0; i < 100; ++i) {
    const std::string at = std::to_string(10 + 5 * i);
    content += at + " 0 m " + at + " 700 l S 0 " + at + " m 600 " + at + " l S ";
  }
  test::PdfBuilder pdf;
  pdf.page(content);
  OpenOptions options;
  options.limits.max_table_points = 5000;
  const Page page = pdf.first_page(options);
  try {
    page.find_tables();
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::limit);
    EXPECT_NE(std::string(e.what()).find("max_table_points"), std::string::npos);
  }
}

}  // namespace
}  // namespace backend::pdf
