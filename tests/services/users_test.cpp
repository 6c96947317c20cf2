#include "host.h"

namespace backend {
namespace {

using testing_host::error_of;
using testing_host::field_of;

BACKEND_ON_EACH_ENGINE(UsersService);

TEST_P(UsersService, FindsAndLists) {
  const auto a = make_user("a"), b = make_user("b"), c = make_user("c");
  auto& users = backend_->users();
  EXPECT_EQ(users.find(b.id)->email, "b@example.com");
  EXPECT_FALSE(users.find(999));
  EXPECT_FALSE(users.find(-1));
  EXPECT_EQ(error_of([&] { users.get(999); }), "not_found: User not found");
  EXPECT_EQ(users.list().size(), 3U);
  EXPECT_EQ(users.list(1, 1).at(0).id, b.id);
  EXPECT_TRUE(users.list(3).empty());
  const auto others = users.others(b.id);
  ASSERT_EQ(others.size(), 2U);
  EXPECT_EQ(others[0].id, a.id);
  EXPECT_EQ(others[1].id, c.id);
}

TEST_P(UsersService, ChecksPaging) {
  auto& users = backend_->users();
  for (const int limit : {0, -1, 101}) EXPECT_EQ(field_of([&] { users.list(0, limit); }), "limit");
  EXPECT_EQ(field_of([&] { users.list(-1, 10); }), "skip");
  EXPECT_TRUE(users.list(INT64_MAX, 100).empty());
}

}  // namespace
}  // namespace backend
