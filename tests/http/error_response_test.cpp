#include "http/error_response.h"

#include <gtest/gtest.h>

using namespace backend;
using namespace backend::server;

TEST(ErrorResponse, HasAStatusForEveryCode) {
  const std::pair<ErrorCode, int> table[] = {
      {ErrorCode::invalid, 422}, {ErrorCode::unauthenticated, 401}, {ErrorCode::forbidden, 403}, {ErrorCode::not_found, 404},
      {ErrorCode::conflict, 409}, {ErrorCode::too_large, 413}, {ErrorCode::unsupported, 422}, {ErrorCode::malformed, 422},
      {ErrorCode::password, 422}, {ErrorCode::limit, 422}, {ErrorCode::rate_limited, 429}, {ErrorCode::unavailable, 503},
      {ErrorCode::internal, 500}};
  for (const auto& [code, status] : table)
    EXPECT_EQ(error_response(Error(code, "text"), nullptr, "id").status, status) << to_string(code);
}

TEST(ErrorResponse, NamesTheFieldAtFault) {
  EXPECT_EQ(error_response(Error(ErrorCode::invalid, "no", "content"), nullptr, "").body,
            R"({"detail":[{"type":"value_error","loc":["body","content"],"msg":"no","input":null}]})");
}

TEST(ErrorResponse, TellsNothingOfTheInside) {
  const HttpResponse response = error_response(Error(ErrorCode::internal, "SELECT secret FROM /srv"), nullptr, "id-1");
  EXPECT_EQ(response.body, R"({"detail":"Internal server error","request_id":"id-1"})");
}

TEST(ErrorResponse, SaysHowToComeBack) {
  EXPECT_EQ(error_response(Error(ErrorCode::unauthenticated, "x"), nullptr, "").headers.get("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(error_response(Error(ErrorCode::unavailable, "x"), nullptr, "").headers.get("Retry-After"), "1");
  EXPECT_EQ(error_response(Error(ErrorCode::rate_limited, "x").retry_in(std::chrono::seconds(7)), nullptr, "").headers.get("Retry-After"), "7");
}
