#include "support/jwt.h"

#include "support/base64.h"
#include "support/digest.h"

#include <gtest/gtest.h>

namespace backend::support {
namespace {

using nlohmann::json;

constexpr std::string_view key = "test-secret-key-of-32-bytes-or-more";
constexpr JwtRules rules{"libbackend", "libbackend", std::chrono::seconds(30)};
constexpr std::int64_t now_s = 1'800'000'000;
const Timestamp now = from_micros(now_s * 1'000'000);

std::string token(std::string_view header, std::string_view payload, std::string_view with = key) {
  const auto input = base64url_encode(header) + "." + base64url_encode(payload);
  return input + "." + base64url_encode(hmac_sha256(with, input));
}

std::string token(const json& claims) { return token(R"({"alg":"HS256","typ":"JWT"})", claims.dump()); }

json good() { return {{"user_id", 7}, {"exp", now_s + 60}}; }

json with(const char* name, json value) {
  auto claims = good();
  claims[name] = std::move(value);
  return claims;
}

std::string outcome(std::string_view text, Timestamp at = now) {
  const auto checked = verify_jwt(text, key, at, rules);
  if (const auto* fault = std::get_if<JwtFault>(&checked)) return *fault == JwtFault::expired ? "expired" : "invalid";
  return "ok";
}

std::string with_header(const std::string& header) { return outcome(token(header, good().dump())); }

TEST(Jwt, AcceptsTokensMadeByPyJwt) {
  for (const char* made :
       {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjo3LCJlbWFpbCI6ImFAZXhhbXBsZS5jb20iLCJleHAiOjE5MDAwMDAwMDB9."
        "Q1G9W8vG7HzurM6mev__Svuvhl2kQsZJ27A6TZcreGM",
        "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0."
        "eyJzdWIiOiI3IiwidHlwZSI6ImFjY2VzcyIsImlzcyI6ImxpYmJhY2tlbmQiLCJhdWQiOlsieCIsImxpYmJhY2tlbmQiXSwiaWF0IjoxODAwMDAwMDAw"
        "LCJuYmYiOjE4MDAwMDAwMDAsImV4cCI6MTkwMDAwMDAwMCwianRpIjoiYWJjIiwic2lkIjoiMyIsInVzZXJfaWQiOjcsImVtYWlsIjoiYUBleGFtcGxl"
        "LmNvbSJ9.MU2WFElyAZH7jED9s6I20f1sH3uREFukMLDJJcwYRcQ"})
    EXPECT_EQ(outcome(made), "ok");
}

TEST(Jwt, ReadsAFractionalExpiryAsPyJwtDoes) {
  const char* made =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjo3LCJlbWFpbCI6ImFAZXhhbXBsZS5jb20iLCJleHAiOjE5MDAwMDAwMDAuOX0."
      "twHreOJgseXmcXrhSKgwmfVN0OecU1x1dZ4MKx_-ecE";
  EXPECT_EQ(outcome(made, from_micros(1'899'999'999'999'999)), "ok");
  EXPECT_EQ(outcome(made, from_micros(1'900'000'000'000'000)), "expired");
}

TEST(Jwt, SignsWhatItAccepts) {
  const auto made = sign_jwt({{"sub", "7"}, {"exp", now_s + 1}}, key);
  EXPECT_EQ(outcome(made), "ok");
  EXPECT_EQ(made.substr(0, made.find('.')), "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9");
}

TEST(Jwt, FixesTheAlgorithm) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", "hs256", "HS256 ", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", ""})
    EXPECT_EQ(with_header(R"({"alg":")" + std::string(alg) + R"(","typ":"JWT"})"), "invalid") << alg;
  for (const char* header : {R"({"typ":"JWT"})", R"({"alg":null})", R"({"alg":["HS256"]})", R"({"alg":256})", "[]", "{}", "", "null",
                             R"({"alg":"none","alg":"HS256"})", R"({"alg":"HS256","alg":"none"})", R"({"ALG":"HS256"})"})
    EXPECT_EQ(with_header(header), "invalid") << header;
}

TEST(Jwt, RefusesAnEmptySignature) {
  const auto input = base64url_encode(R"({"alg":"none"})") + "." + base64url_encode(good().dump());
  EXPECT_EQ(outcome(input + "."), "invalid");
  EXPECT_EQ(outcome(input), "invalid");
  const auto signed_head = base64url_encode(R"({"alg":"HS256"})") + "." + base64url_encode(good().dump());
  EXPECT_EQ(outcome(signed_head + "."), "invalid");
}

TEST(Jwt, RefusesHeadersThatBringOrAskForMore) {
  for (const char* extra : {R"("crit":["exp"])", R"("crit":[])", R"("jku":"https://x")", R"("jwk":{})", R"("x5u":"https://x")", R"("x5c":[])",
                            R"("x5t":"x")", R"("b64":false)", R"("zip":"DEF")", R"("cty":"JWT")", R"("enc":"A128GCM")", R"("other":"x")"})
    EXPECT_EQ(with_header(R"({"alg":"HS256",)" + std::string(extra) + "}"), "invalid") << extra;
  EXPECT_EQ(with_header(R"({"alg":"HS256","kid":"k"})"), "ok");
  EXPECT_EQ(with_header(R"({"alg":"HS256","kid":1})"), "invalid");
  EXPECT_EQ(with_header(R"({"alg":"HS256","typ":"jwt"})"), "ok");
  EXPECT_EQ(with_header(R"({"alg":"HS256","typ":"JWE"})"), "invalid");
}

TEST(Jwt, RefusesAnyChangedCharacter) {
  const auto made = token(good());
  for (std::size_t i = 0; i < made.size(); ++i) {
    auto changed = made;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(outcome(changed), "ok") << i;
  }
  EXPECT_EQ(outcome(token(R"({"alg":"HS256"})", good().dump(), "another-key")), "invalid");
}

TEST(Jwt, RefusesOtherSpellingsOfTheSameToken) {
  const auto made = token(good());
  for (const auto& text : {made + "=", made + "A", made + ".", made + ".x", " " + made, made + " ", made + "\n", std::string("..") , std::string("."), std::string()})
    EXPECT_EQ(outcome(text), "invalid");
}

TEST(Jwt, RefusesOverlongTokensBeforeAnythingElse) {
  EXPECT_EQ(outcome(token(with("x", std::string(4000, 'x')))), "ok");
  EXPECT_EQ(outcome(token(with("x", std::string(9000, 'x')))), "invalid");
}

TEST(Jwt, RequiresAnExpiry) {
  EXPECT_EQ(outcome(token(json{{"user_id", 7}})), "invalid");
  for (const auto& exp : {json(nullptr), json("1900000000"), json(true), json::array(), json::object()})
    EXPECT_EQ(outcome(token(with("exp", exp))), "invalid") << exp;
  EXPECT_EQ(outcome(token(R"({"alg":"HS256"})", R"({"exp":1e400})")), "invalid");
  EXPECT_EQ(outcome(token(R"({"alg":"HS256"})", R"({"exp":1e300})")), "ok");
  EXPECT_EQ(outcome(token(R"({"alg":"HS256"})", R"({"exp":18446744073709551615})")), "ok");
  EXPECT_EQ(outcome(token(R"({"alg":"HS256"})", R"({"exp":-9223372036854775808})")), "expired");
}

TEST(Jwt, ExpiresAtTheSecondWithoutLeeway) {
  EXPECT_EQ(outcome(token(with("exp", now_s + 1))), "ok");
  EXPECT_EQ(outcome(token(with("exp", now_s))), "expired");
  EXPECT_EQ(outcome(token(with("exp", now_s - 1))), "expired");
}

TEST(Jwt, ChecksTheBeginningWithLeeway) {
  for (const char* claim : {"nbf", "iat"}) {
    EXPECT_EQ(outcome(token(with(claim, now_s + 30))), "ok") << claim;
    EXPECT_EQ(outcome(token(with(claim, now_s + 31))), "invalid") << claim;
    EXPECT_EQ(outcome(token(with(claim, "x"))), "invalid") << claim;
  }
}

TEST(Jwt, ChecksIssuerAndAudienceWhenTheyAreThere) {
  EXPECT_EQ(outcome(token(with("iss", "libbackend"))), "ok");
  EXPECT_EQ(outcome(token(with("iss", "other"))), "invalid");
  EXPECT_EQ(outcome(token(with("iss", 1))), "invalid");
  EXPECT_EQ(outcome(token(with("aud", "libbackend"))), "ok");
  EXPECT_EQ(outcome(token(with("aud", json::array({"x", "libbackend"})))), "ok");
  EXPECT_EQ(outcome(token(with("aud", "x"))), "invalid");
  EXPECT_EQ(outcome(token(with("aud", json::array()))), "invalid");
  EXPECT_EQ(outcome(token(with("aud", json::array({"libbackend", 1})))), "invalid");
  EXPECT_EQ(outcome(token(with("aud", nullptr))), "invalid");
}

TEST(Jwt, RefusesPayloadsThatAreNoStrictObject) {
  for (const char* payload : {"", "[]", "1", "null", R"({"exp":1900000000,"exp":1900000000})", R"({"exp":1900000000} x)",
                              R"({"exp":1900000000,"a":"\ud800"})", "{\"exp\":1900000000,\"a\":\"\xff\"}"})
    EXPECT_EQ(outcome(token(R"({"alg":"HS256"})", payload)), "invalid") << payload;
  EXPECT_EQ(outcome(token(R"({"alg":"HS256"})", R"({"exp":1900000000,"a":)" + std::string(40, '[') + std::string(40, ']') + "}")), "invalid");
}

}  // namespace
}  // namespace backend::support
