#include "services/text_search.h"

#include <backend/error.h>

#include <gtest/gtest.h>

namespace backend::services {
namespace {

constexpr std::size_t many = 1000;

using Context = std::tuple<std::size_t, std::string, std::string, std::string, std::string>;

std::vector<Context> contexts(std::string_view text, std::string_view term) {
  std::vector<Context> out;
  for (const auto& m : matches_of(1, text, term, many).context) out.emplace_back(m.position, m.context, m.before, m.match, m.after);
  return out;
}

// Each expected value is what Python gives for the FastAPI backend's context_of().
TEST(TextSearch, FindsOverlappingMatchesAndCountsThoseApart) {
  EXPECT_EQ(matches_of(1, "aaaa", "AA", many).matches, 2U);
  EXPECT_EQ(contexts("aaaa", "AA"), (std::vector<Context>{{0, "aaaa", "", "aa", "aa"}, {1, "aaaa", "a", "aa", "a"}, {2, "aaaa", "aa", "aa", ""}}));
}

TEST(TextSearch, KeepsPositionsOfTheLowerCaseText) {
  EXPECT_EQ(contexts("\u0130\u0130xyz", "xyz"), (std::vector<Context>{{4, "\u0130\u0130xyz", "\u0130\u0130xy", "z", ""}}));
  EXPECT_EQ(contexts("\u0130ab", "i\u0307"), (std::vector<Context>{{0, "\u0130ab", "", "\u0130a", "b"}}));
  EXPECT_EQ(contexts("x\u0130", "\u0130"), (std::vector<Context>{{1, "x\u0130", "x", "\u0130", ""}}));
}

TEST(TextSearch, FindsBothFormsOfSigmaAsPythonDoes) {
  EXPECT_EQ(contexts("\u0391\u03a3 \u03b1\u03c2", "\u0391\u03a3").size(), 2U);
}

TEST(TextSearch, CutsContextAt100CodePoints) {
  const auto found = matches_of(3, std::string(150, 'x') + "\u00c4bc" + std::string(150, 'y'), "\u00e4BC", many);
  ASSERT_EQ(found.context.size(), 1U);
  EXPECT_EQ(found.page, 3);
  EXPECT_EQ(found.context[0].position, 150U);
  EXPECT_EQ(found.context[0].before, std::string(100, 'x'));
  EXPECT_EQ(found.context[0].match, "\u00c4bc");
  EXPECT_EQ(found.context[0].after, std::string(100, 'y'));
}

TEST(TextSearch, StopsAtTheLimit) {
  EXPECT_THROW(matches_of(1, std::string(many + 2, 'a'), "a", many), Error);
  EXPECT_EQ(matches_of(1, std::string(many, 'a'), "a", many).matches, many);
}

TEST(TextSearch, IsLinear) {
  const std::u32string text(2'000'000, U'a'), term = std::u32string(500, U'a') + U"b";
  EXPECT_TRUE(occurrences(text, term, many).empty());
}

PdfPageReport page_of_words() {
  PdfPageReport page;
  page.number = 2;
  page.text = "The quick fox\njumps \u0130 fox";
  page.words = {{"The", 0, 0, 30, 10},   {"quick", 40, 0, 90, 10},  {"fox", 100, 0, 130, 10},
                {"jumps", 0, 20, 50, 30}, {"\u0130", 60, 20, 70, 30}, {"fox", 80, 20, 110, 30}};
  return page;
}

TEST(TextSearch, PlacesHitsByTheirWords) {
  const auto hits = hits_of(page_of_words(), "FOX", false, many);
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].page, 2);
  EXPECT_EQ(hits[0].position, 10U);
  EXPECT_DOUBLE_EQ(hits[0].x0, 100);
  EXPECT_DOUBLE_EQ(hits[0].x1, 130);
  EXPECT_EQ(hits[1].match, "fox");
  EXPECT_DOUBLE_EQ(hits[1].top, 20);
  EXPECT_TRUE(hits_of(page_of_words(), "FOX", true, many).empty());
}

TEST(TextSearch, PlacesPartsOfWordsAndSeveralWords) {
  const auto part = hits_of(page_of_words(), "ui", false, many);
  ASSERT_EQ(part.size(), 1U);
  EXPECT_DOUBLE_EQ(part[0].x0, 50);
  EXPECT_DOUBLE_EQ(part[0].x1, 70);
  const auto across = hits_of(page_of_words(), "fox\njumps", false, many);
  ASSERT_EQ(across.size(), 1U);
  EXPECT_DOUBLE_EQ(across[0].x0, 0);
  EXPECT_DOUBLE_EQ(across[0].x1, 130);
  EXPECT_DOUBLE_EQ(across[0].bottom, 30);
}

TEST(TextSearch, GivesHitsTheirPositionInTheTextItself) {
  const auto hits = hits_of(page_of_words(), "fox", false, many);
  EXPECT_EQ(hits[1].position, 22U);
  EXPECT_EQ(hits[1].snippet, "The quick fox\njumps \u0130 fox");
}

}  // namespace
}  // namespace backend::services
