#include "http/router.h"

#include <gtest/gtest.h>

using namespace backend::server;

namespace {

HttpResponse nothing(Context&) { return {}; }

constexpr Route routes[] = {
    {Get, "/", Access::none, nothing, "root"},
    {Get, "/things", Access::none, nothing, "list"},
    {Post, "/things", Access::none, nothing, "make"},
    {Get, "/things/new", Access::none, nothing, "literal"},
    {Get, "/things/{id}", Access::none, nothing, "one"},
    {Get, "/things/{id}/parts/{number}", Access::none, nothing, "part"},
};
constexpr RouteTable tables[] = {{Face::compat, "t", routes}, {Face::v1, "t", routes}};

const Router router(tables, "/api/v1");

std::string_view found(std::string_view method, std::string_view path) {
  const Router::Match match = router.match(method, path);
  return match.route ? match.route->summary : "";
}

}  // namespace

TEST(Router, FindsRowsOnBothFaces) {
  EXPECT_EQ(found("GET", "/"), "root");
  EXPECT_EQ(found("POST", "/things"), "make");
  EXPECT_EQ(found("GET", "/api/v1/things"), "list");
  EXPECT_EQ(router.match("GET", "/api/v1/things").table->face, Face::v1);
}

TEST(Router, AnswersHeadWhereGetIs) {
  EXPECT_EQ(found("HEAD", "/things"), "list");
  EXPECT_EQ(found("HEAD", "/things/7"), "one");
}

TEST(Router, PrefersLiterals) {
  EXPECT_EQ(found("GET", "/things/new"), "literal");
  EXPECT_EQ(found("GET", "/things/newer"), "one");
}

TEST(Router, HandsOnParameters) {
  const Router::Match match = router.match("GET", "/api/v1/things/7/parts/x y");
  ASSERT_TRUE(match.route);
  EXPECT_EQ(match.parameters, (Router::PathParameters{{"id", "7"}, {"number", "x y"}}));
}

TEST(Router, NamesWhatAPathAllows) {
  const Router::Match match = router.match("BREW", "/things");
  EXPECT_FALSE(match.route);
  EXPECT_EQ(match.allowed, (std::vector{Method::get, Method::post}));
  EXPECT_TRUE(router.match("GET", "/nope").allowed.empty());
  EXPECT_TRUE(router.match("GET", "/things//parts/1").allowed.empty());
  EXPECT_TRUE(router.match("GET", "").allowed.empty());
}

TEST(Router, KnowsAPathWithTheOtherSlash) {
  EXPECT_TRUE(router.match("GET", "/things/").slash_redirect);
  EXPECT_TRUE(router.match("GET", "/things//").slash_redirect);
  EXPECT_TRUE(router.match("GET", "/api/v1").slash_redirect);
  EXPECT_FALSE(router.match("GET", "/nope/").slash_redirect);
}
