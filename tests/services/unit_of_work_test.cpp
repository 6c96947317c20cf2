#include "host.h"

#include <backend/ports.h>

namespace backend {
namespace {

using testing_host::bytes_of;
using testing_host::error_of;
using testing_host::fake_pdf;

BACKEND_ON_EACH_ENGINE(UnitOfWorkTest);

TEST_P(UnitOfWorkTest, CommitsServicesAndOwnSqlTogether) {
  backend_->database().exec("CREATE TABLE host_notes (text TEXT NOT NULL)");
  const auto a = make_user("a");
  auto unit = backend_->begin();
  const auto b = unit.auth().register_user({"b@example.com", "long enough", "b", {}});
  unit.messages().send(a.id, b.id, "hello");
  unit.notifications().queue(a.id, "b@example.com", "hello");
  unit.database().exec("INSERT INTO host_notes (text) VALUES ($1)", {"noted"});
  EXPECT_EQ(unit.users().list().size(), 2U);
  unit.commit();
  EXPECT_EQ(backend_->messages().conversation(a.id, b.id).size(), 1U);
  EXPECT_EQ(backend_->database().query("SELECT text FROM host_notes")[0].text(0), "noted");
}

TEST_P(UnitOfWorkTest, RollsBackWhatIsNotCommitted) {
  const auto a = make_user("a");
  {
    auto unit = backend_->begin();
    unit.auth().register_user({"b@example.com", "long enough", "b", {}});
    unit.messages().send(a.id, a.id, "hello");
    unit.documents().upload(a.id, "a.pdf", bytes_of(fake_pdf("x")));
    EXPECT_EQ(folder_.count_files("data/files"), 1);
  }
  EXPECT_EQ(backend_->users().list().size(), 1U);
  EXPECT_TRUE(backend_->messages().conversation(a.id, a.id).empty());
  EXPECT_TRUE(backend_->documents().all(a.id).empty());
  EXPECT_EQ(folder_.count_files("data/files"), 0);
}

TEST_P(UnitOfWorkTest, KeepsFilesWithTheirRows) {
  const auto a = make_user("a");
  const auto old = upload(a.id, "old.pdf", "x").document.id;
  {
    auto unit = backend_->begin();
    unit.documents().remove(a.id, old);
    const auto fresh = unit.documents().upload(a.id, "new.pdf", bytes_of(fake_pdf("y"))).document.id;
    EXPECT_EQ(unit.documents().open(a.id, fresh)->size(), fake_pdf("y").size());
  }
  EXPECT_EQ(backend_->documents().open(a.id, old)->size(), fake_pdf("x").size());
  {
    auto unit = backend_->begin();
    unit.documents().remove(a.id, old);
    unit.documents().upload(a.id, "new.pdf", bytes_of(fake_pdf("yy")));
    unit.documents().remove(a.id, unit.documents().upload(a.id, "newer.pdf", bytes_of(fake_pdf("z"))).document.id);
    unit.commit();
  }
  EXPECT_EQ(folder_.count_files("data/files"), 1);
  EXPECT_EQ(backend_->documents().all(a.id).at(0).filename, "new.pdf");
}

TEST_P(UnitOfWorkTest, SurvivesRefusals) {
  const auto a = make_user("a");
  auto unit = backend_->begin();
  EXPECT_EQ(error_of([&] { unit.auth().register_user({"a@example.com", "long enough", "", {}}); }), "conflict: Email already registered");
  EXPECT_EQ(error_of([&] { unit.messages().send(a.id, 999, "x"); }), "not_found: Recipient not found");
  EXPECT_EQ(unit.messages().send(a.id, a.id, "x", "key").id, unit.messages().send(a.id, a.id, "x", "key").id);
  const auto pair = unit.auth().start_session(a);
  EXPECT_EQ(error_of([&] { unit.auth().refresh("nothing"); }), "unauthenticated: Invalid refresh token");
  unit.auth().refresh(pair.refresh_token);
  unit.commit();
  EXPECT_EQ(backend_->messages().conversation(a.id, a.id).size(), 1U);
}

}  // namespace
}  // namespace backend
