#include "host.h"

#include "support/jwt.h"

#include <backend/ports.h>

#include <latch>
#include <thread>

namespace backend {
namespace {

using namespace std::chrono_literals;
using testing_host::error_of;
using testing_host::field_of;

BACKEND_ON_EACH_ENGINE(AuthService);

constexpr const char* wrong = "unauthenticated: Incorrect username or password";

nlohmann::json claims_of(const std::string& token, const Backend& backend) {
  const auto& s = backend.settings();
  return std::get<nlohmann::json>(support::verify_jwt(token, s.secret_key, backend.clock().now(), {s.jwt_issuer, s.jwt_audience}));
}

TEST_P(AuthService, RegistersAndLogsIn) {
  auto& auth = backend_->auth();
  const auto user = auth.register_user({"Jane@Example.com", "long enough", "Jane", "jane_d"});
  EXPECT_EQ(user.email, "Jane@Example.com");
  EXPECT_EQ(user.username, "jane_d");
  EXPECT_EQ(user.role, "user");
  EXPECT_TRUE(user.is_active);
  EXPECT_EQ(user.created_at, clock_->now());
  for (const char* login : {"Jane@Example.com", "jane@example.COM", "jane_d", "JANE_D"}) EXPECT_EQ(auth.log_in(login, "long enough").id, user.id) << login;
  const auto stored = backend_->users().get(user.id);
  EXPECT_EQ(stored.email, user.email);
  EXPECT_EQ(stored.created_at, user.created_at);
  EXPECT_EQ(stored.full_name, "Jane");
}

TEST_P(AuthService, SaysTheSameForAnUnknownUserAndAWrongPassword) {
  make_user("jane");
  auto& auth = backend_->auth();
  EXPECT_EQ(error_of([&] { auth.log_in("jane@example.com", "wrong"); }), wrong);
  EXPECT_EQ(error_of([&] { auth.log_in("joan@example.com", "long enough"); }), wrong);
  for (const auto& login : {std::string(), std::string("\xff"), std::string("a\0b", 3), std::string(5000, 'x'), std::string("' OR 1=1 --")})
    EXPECT_EQ(error_of([&] { auth.log_in(login, "long enough"); }), wrong);
  EXPECT_EQ(error_of([&] { auth.log_in("jane@example.com", std::string(2000, 'x')); }), wrong);
}

TEST_P(AuthService, RefusesATakenAddressInAnySpelling) {
  auto& auth = backend_->auth();
  auth.register_user({"stra\u00dfe@example.com", "long enough", "", "first"});
  EXPECT_EQ(error_of([&] { auth.register_user({"STRASSE@EXAMPLE.com", "long enough", "", {}}); }), "conflict: Email already registered");
  EXPECT_EQ(field_of([&] { auth.register_user({"e\u0301@example.com", "long enough", "", "FIRST"}); }), "username");
  auth.register_user({"e\u0301@example.com", "long enough", "", {}});
  EXPECT_EQ(field_of([&] { auth.register_user({"\u00c9@example.com", "long enough", "", {}}); }), "email");
}

TEST_P(AuthService, MakesOneRowOfTenParallelRegistrations) {
  std::atomic<int> made = 0, refused = 0;
  std::latch start(10);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 10; ++i)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const auto error = error_of([&] { backend_->auth().register_user({"race@example.com", "long enough", "", {}}); });
        EXPECT_TRUE(error.empty() || error == "conflict: Email already registered") << error;
        ++(error.empty() ? made : refused);
      });
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, 9);
  EXPECT_EQ(backend_->users().list().size(), 1U);
}

TEST_P(AuthService, ChecksWhatIsRegistered) {
  auto& auth = backend_->auth();
  const auto field = [&](NewUser user, PasswordPolicy policy = PasswordPolicy::standard) { return field_of([&] { auth.register_user(user, policy); }); };
  EXPECT_EQ(field({"nobody", "long enough", "", {}}), "email");
  EXPECT_EQ(field({"a@example.com", "short", "", {}}), "password");
  EXPECT_EQ(field({"a@example.com", std::string(129, 'x'), "", {}}), "password");
  EXPECT_EQ(field({"a@example.com", "Password1", "", {}}), "password");
  EXPECT_EQ(field({"a@example.com", "long enoug\xff", "", {}}), "password");
  EXPECT_EQ(field({"a@example.com", "long enough", std::string(256, 'x'), {}}), "full_name");
  EXPECT_EQ(field({"a@example.com", "long enough", std::string("a\0b", 3), {}}), "full_name");
  for (const auto& name : {std::string("ab"), std::string(51, 'x'), std::string("a b c"), std::string("a@b.c"), std::string("ab\n")})
    EXPECT_EQ(field({"a@example.com", "long enough", "", name}), "username") << name;
  EXPECT_EQ(error_of([&] { auth.register_user({"a@example.com", "short", "", {}}); }), "invalid: String should have at least 8 characters");
  EXPECT_EQ(field({"a@example.com", std::string(1025, 'x'), "", {}}, PasswordPolicy::compat), "password");
  EXPECT_EQ(field({"a@example.com", "", "", {}}, PasswordPolicy::compat), "no error");
}

TEST_P(AuthService, StoresTheAddressOfTheCompatFaceAsPydanticHandsItOn) {
  const auto user = backend_->auth().register_user({" Jane@Example.COM ", "pw", "Jane", {}}, PasswordPolicy::compat);
  EXPECT_EQ(user.email, "Jane@example.com");
  EXPECT_EQ(backend_->auth().log_in("JANE@example.com", "pw").id, user.id);
}

TEST_P(AuthService, LogsInHashesOfTheFastApiBackendAndStrengthensThem) {
  const auto user = make_user("seed");
  auto& db = backend_->database();
  db.exec("UPDATE users SET password_hash = $1", {"$2b$04$iEexlW41KUdcfx1aQ156b.uWgu92i6oSP2WKOwRZQjVCRyl5JI2Vi"});
  auto stronger = settings();
  stronger.bcrypt_cost = 5;
  const auto other = open(stronger);
  EXPECT_EQ(other->auth().log_in("seed@example.com", "correct horse").id, user.id);
  const auto hash = db.query("SELECT password_hash FROM users")[0].text(0);
  EXPECT_EQ(hash.substr(0, 7), "$2b$05$");
  EXPECT_EQ(backend_->auth().log_in("seed@example.com", "correct horse").id, user.id);
  EXPECT_EQ(db.query("SELECT password_hash FROM users")[0].text(0), hash);
}

// A database of the FastAPI backend may hold both: its e-mails differed by case.
TEST_P(AuthService, PrefersTheAddressAsTyped) {
  const auto lower = make_user("jane");
  const auto second = make_user("temporary");
  backend_->database().exec("UPDATE users SET email = $1, email_key = $1 WHERE id = $2", {"JANE@example.com", second.id});
  EXPECT_EQ(backend_->auth().log_in("jane@example.com", "long enough").id, lower.id);
  EXPECT_EQ(backend_->auth().log_in("JANE@example.com", "long enough").id, second.id);
  EXPECT_EQ(backend_->auth().log_in("Jane@example.com", "long enough").id, lower.id);
}

TEST_P(AuthService, IssuesTheClaimsOfTheContract) {
  const auto user = make_user("jane");
  const auto plain = backend_->auth().issue_access_token(user);
  EXPECT_EQ(plain.expires_in, 1800);
  auto claims = claims_of(plain.token, *backend_);
  EXPECT_EQ(claims["sub"], std::to_string(user.id));
  EXPECT_EQ(claims["user_id"], user.id);
  EXPECT_EQ(claims["email"], "jane@example.com");
  EXPECT_EQ(claims["type"], "access");
  EXPECT_EQ(claims["iss"], "libbackend");
  EXPECT_EQ(claims["exp"].get<std::int64_t>() - claims["iat"].get<std::int64_t>(), 1800);
  EXPECT_FALSE(claims.contains("aud") || claims.contains("sid"));
  claims = claims_of(backend_->auth().start_session(user).access.token, *backend_);
  EXPECT_EQ(claims["aud"], "libbackend");
  EXPECT_TRUE(claims.contains("sid") && claims.contains("jti") && claims.contains("scope"));
}

TEST_P(AuthService, AcceptsTokensOfTheFastApiBackend) {
  const auto user = make_user("jane");
  const auto exp = to_micros(clock_->now()) / 1'000'000 + 100;
  const auto key = backend_->settings().secret_key;
  const auto sign = [&](nlohmann::ordered_json claims) { return support::sign_jwt(claims, key); };
  EXPECT_EQ(backend_->auth().authenticate(sign({{"user_id", user.id}, {"email", user.email}, {"exp", exp}})).id, user.id);
  const auto refused = [&](nlohmann::ordered_json claims) { return error_of([&] { backend_->auth().verify(sign(std::move(claims))); }); };
  constexpr const char* invalid = "unauthenticated: Invalid token";
  EXPECT_EQ(refused({{"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"user_id", "7"}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"user_id", 7.0}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"user_id", true}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"user_id", nullptr}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"user_id", 18446744073709551615ULL}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"sub", "8"}, {"user_id", 7}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"sub", "07"}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"sub", 7}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"sub", ""}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"user_id", 7}, {"sid", "x"}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"user_id", 7}, {"type", "refresh"}, {"exp", exp}}), invalid);
  EXPECT_EQ(refused({{"user_id", 7}, {"exp", exp - 100}}), "unauthenticated: Token expired");
}

TEST_P(AuthService, RefusesAccessWhenTheAccountIsGoneOrInactive) {
  const auto user = make_user("jane");
  auto& auth = backend_->auth();
  const auto token = auth.issue_access_token(user).token;
  EXPECT_EQ(auth.authenticate(token).id, user.id);
  backend_->database().exec("UPDATE users SET is_active = 0");
  EXPECT_EQ(error_of([&] { auth.authenticate(token); }), "forbidden: Inactive user");
  EXPECT_EQ(error_of([&] { auth.log_in("jane@example.com", "long enough"); }), "forbidden: Inactive user");
  EXPECT_EQ(error_of([&] { auth.log_in("jane@example.com", "wrong"); }), wrong);
  backend_->database().exec("DELETE FROM users");
  EXPECT_EQ(error_of([&] { auth.authenticate(token); }), "unauthenticated: Invalid token");
  EXPECT_EQ(auth.verify(token).id, user.id);
}

TEST_P(AuthService, RotatesRefreshTokens) {
  const auto user = make_user("jane");
  auto& auth = backend_->auth();
  const auto first = auth.start_session(user);
  EXPECT_EQ(first.refresh_token.size(), 43U);
  const auto session = auth.authenticate(first.access.token).session;
  ASSERT_TRUE(session);
  const auto second = auth.refresh(first.refresh_token);
  EXPECT_NE(second.refresh_token, first.refresh_token);
  EXPECT_EQ(auth.authenticate(second.access.token).session, session);
  EXPECT_EQ(error_of([&] { auth.refresh(first.refresh_token); }), "unauthenticated: Invalid refresh token");
  EXPECT_EQ(error_of([&] { auth.refresh(""); }), "unauthenticated: Invalid refresh token");
  EXPECT_FALSE(backend_->database().query("SELECT refresh_hash FROM sessions")[0].text(0) == second.refresh_token);
}

TEST_P(AuthService, LetsOneOfManyRefreshes) {
  const auto pair = backend_->auth().start_session(make_user("jane"));
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] { done += error_of([&] { backend_->auth().refresh(pair.refresh_token); }).empty(); });
  }
  EXPECT_EQ(done, 1);
}

TEST_P(AuthService, ExpiresSessions) {
  auto& auth = backend_->auth();
  const auto pair = auth.start_session(make_user("jane"));
  clock_->advance(7 * 24h - 1us);
  const auto again = auth.refresh(pair.refresh_token);
  clock_->advance(7 * 24h);
  EXPECT_EQ(error_of([&] { auth.refresh(again.refresh_token); }), "unauthenticated: Invalid refresh token");
}

TEST_P(AuthService, RefusesToRefreshForAnInactiveAccount) {
  auto& auth = backend_->auth();
  const auto pair = auth.start_session(make_user("jane"));
  backend_->database().exec("UPDATE users SET is_active = 0");
  EXPECT_EQ(error_of([&] { auth.refresh(pair.refresh_token); }), "forbidden: Inactive user");
  backend_->database().exec("UPDATE users SET is_active = 1");
  EXPECT_EQ(error_of([&] { auth.refresh(pair.refresh_token); }), "");  // the refusal did not spend it
}

TEST_P(AuthService, EndsAccessAtLogOut) {
  auto& auth = backend_->auth();
  const auto user = make_user("jane");
  const auto one = auth.start_session(user), two = auth.start_session(user);
  auth.log_out(one.refresh_token);
  EXPECT_EQ(error_of([&] { auth.authenticate(one.access.token); }), "unauthenticated: Invalid token");
  EXPECT_EQ(error_of([&] { auth.refresh(one.refresh_token); }), "unauthenticated: Invalid refresh token");
  const auto other = open();
  const auto caller = other->auth().authenticate(two.access.token);
  other->auth().log_out(caller);
  EXPECT_EQ(error_of([&] { auth.authenticate(two.access.token); }), "unauthenticated: Invalid token");
  auth.log_out("nothing such");
  auth.log_out(Principal{user.id, {}});
}

TEST_P(AuthService, RefusesAnothersSessionInATokenOfOnesOwn) {
  auto& auth = backend_->auth();
  const auto jane = make_user("jane"), joan = make_user("joan");
  const auto session = auth.authenticate(auth.start_session(joan).access.token).session;
  const auto exp = to_micros(clock_->now()) / 1'000'000 + 100;
  const auto token = support::sign_jwt({{"sub", std::to_string(jane.id)}, {"sid", std::to_string(*session)}, {"exp", exp}}, backend_->settings().secret_key);
  EXPECT_EQ(error_of([&] { auth.authenticate(token); }), "unauthenticated: Invalid token");
}

}  // namespace
}  // namespace backend
