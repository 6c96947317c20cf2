#include "http/cors.h"

#include <gtest/gtest.h>

using namespace backend::server;

namespace {

HttpRequest preflight(const char* origin, const char* method) {
  HttpRequest request;
  request.method = "OPTIONS";
  request.headers.set("Origin", origin);
  request.headers.set("Access-Control-Request-Method", method);
  request.headers.set("Access-Control-Request-Headers", "X-A, authorization");
  return request;
}

const Cors cors({"http://localhost:3000"}, true);

}  // namespace

TEST(Cors, AllowsAListedOrigin) {
  const auto answer = cors.preflight(preflight("http://localhost:3000", "PUT"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "OK");
  EXPECT_EQ(answer->headers.get("Access-Control-Allow-Origin"), "http://localhost:3000");
  EXPECT_EQ(answer->headers.get("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(answer->headers.get("Access-Control-Allow-Headers"), "X-A, authorization");
}

TEST(Cors, ComparesOriginsExactly) {
  for (const char* origin : {"http://evil.example", "null", "http://LOCALHOST:3000", "http://localhost", "http://localhost:3000/"}) {
    const auto answer = cors.preflight(preflight(origin, "GET"));
    EXPECT_EQ(answer->status, 400) << origin;
    EXPECT_EQ(answer->body, "Disallowed CORS origin");
    EXPECT_FALSE(answer->headers.has("Access-Control-Allow-Origin"));
    EXPECT_FALSE(answer->headers.has("Access-Control-Allow-Credentials"));
  }
}

TEST(Cors, RefusesAnUnknownMethod) {
  EXPECT_EQ(cors.preflight(preflight("http://localhost:3000", "BREW"))->body, "Disallowed CORS method");
  EXPECT_EQ(cors.preflight(preflight("http://evil.example", "get"))->body, "Disallowed CORS origin, method");
}

TEST(Cors, AlwaysVariesByOrigin) {
  HttpRequest request;
  HttpResponse response;
  cors.decorate(request, response);
  EXPECT_EQ(response.headers.get("Vary"), "Origin");
  EXPECT_FALSE(response.headers.has("Access-Control-Allow-Origin"));
}

TEST(Cors, NeverJoinsAStarAndCredentials) {
  const auto answer = Cors({"*"}, true).preflight(preflight("http://any.example", "GET"));
  EXPECT_EQ(answer->headers.get("Access-Control-Allow-Origin"), "*");
  EXPECT_FALSE(answer->headers.has("Access-Control-Allow-Credentials"));
}
