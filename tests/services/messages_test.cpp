#include "host.h"

#include <backend/ports.h>

#include <latch>
#include <set>
#include <thread>

namespace backend {
namespace {

using namespace std::chrono_literals;
using testing_host::error_of;
using testing_host::field_of;

BACKEND_ON_EACH_ENGINE(MessagesService);

std::vector<std::string> contents(const std::vector<Message>& messages) {
  std::vector<std::string> out;
  for (const auto& message : messages) out.push_back(message.content);
  return out;
}

using Texts = std::vector<std::string>;

TEST_P(MessagesService, StoresWhatIsSent) {
  const auto a = make_user("a"), b = make_user("b");
  const auto sent = backend_->messages().send(a.id, b.id, "h\u00e9llo");
  EXPECT_GT(sent.id, 0);
  EXPECT_EQ(sent.created_at, clock_->now());
  const auto list = backend_->messages().conversation(b.id, a.id);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].id, sent.id);
  EXPECT_EQ(list[0].sender_id, a.id);
  EXPECT_EQ(list[0].recipient_id, b.id);
  EXPECT_EQ(list[0].content, "h\u00e9llo");
  EXPECT_EQ(list[0].sender_name, "a");
  EXPECT_EQ(list[0].created_at, sent.created_at);
  EXPECT_FALSE(list[0].client_id || list[0].edited_at || list[0].read_at);
}

TEST_P(MessagesService, RefusesUnknownRecipient) {
  const auto a = make_user("a");
  EXPECT_EQ(error_of([&] { backend_->messages().send(a.id, 999, "x"); }), "not_found: Recipient not found");
  EXPECT_EQ(error_of([&] { backend_->messages().send(a.id, 999, "x", "key"); }), "not_found: Recipient not found");
  EXPECT_EQ(field_of([&] { backend_->messages().send(a.id, -1, "x"); }), "recipient_id");
}

TEST_P(MessagesService, ChecksContent) {
  const auto a = make_user("a");
  const auto send = [&](const std::string& text) { return error_of([&] { backend_->messages().send(a.id, a.id, text); }); };
  EXPECT_EQ(send(""), "invalid: String should have at least 1 character");
  std::string longest;
  for (int i = 0; i < 10000; ++i) longest += "\u00e9";
  EXPECT_EQ(send(longest), "");
  EXPECT_EQ(send(longest + "x"), "invalid: String should have at most 10000 characters");
  EXPECT_NE(send(std::string("a\0b", 3)), "");
  EXPECT_NE(send("\xff"), "");
  EXPECT_EQ(send("'; DROP TABLE messages; --"), "");
}

TEST_P(MessagesService, IsIdempotentByClientId) {
  const auto a = make_user("a"), b = make_user("b");
  auto& messages = backend_->messages();
  const auto first = messages.send(a.id, b.id, "one", "key");
  const auto again = messages.send(a.id, b.id, "two", "key");
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.content, "one");
  EXPECT_EQ(again.client_id, "key");
  EXPECT_NE(messages.send(b.id, a.id, "mine", "key").id, first.id);
  EXPECT_EQ(field_of([&] { messages.send(a.id, b.id, "x", std::string(65, 'k')); }), "client_id");
  EXPECT_EQ(field_of([&] { messages.send(a.id, b.id, "x", "\xff"); }), "client_id");
}

TEST_P(MessagesService, MakesOneOfTheSameMessageSentByManyThreads) {
  const auto a = make_user("a"), b = make_user("b");
  std::set<MessageId> ids;
  std::mutex mutex;
  std::latch start(10);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 10; ++i)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const auto id = backend_->messages().send(a.id, b.id, "x", "key").id;
        const std::lock_guard lock(mutex);
        ids.insert(id);
      });
  }
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(backend_->messages().conversation(a.id, b.id).size(), 1U);
}

TEST_P(MessagesService, ShowsNobodyElsesMessages) {
  const auto a = make_user("a"), b = make_user("b"), c = make_user("c");
  auto& messages = backend_->messages();
  messages.send(a.id, b.id, "ab");
  messages.send(b.id, a.id, "ba");
  messages.send(b.id, c.id, "bc");
  messages.send(a.id, a.id, "note");
  EXPECT_EQ(contents(messages.conversation(a.id, b.id)), (Texts{"ab", "ba"}));
  EXPECT_EQ(contents(messages.conversation(a.id, a.id)), (Texts{"note"}));
  EXPECT_EQ(contents(messages.page(a.id, 1, 20)), (Texts{"ab", "ba", "note"}));
  EXPECT_EQ(contents(messages.list(c.id, {}).messages), (Texts{"bc"}));
  EXPECT_EQ(contents(messages.list(a.id, {}).messages), (Texts{"note", "ba", "ab"}));
}

TEST_P(MessagesService, OrdersAConversationByTime) {
  const auto a = make_user("a"), b = make_user("b");
  auto& messages = backend_->messages();
  messages.send(a.id, b.id, "first");
  messages.send(b.id, a.id, "second");
  clock_->advance(-1s);
  messages.send(a.id, b.id, "before both");
  EXPECT_EQ(contents(messages.conversation(a.id, b.id)), (Texts{"before both", "first", "second"}));
}

TEST_P(MessagesService, PagesByNumber) {
  const auto a = make_user("a"), b = make_user("b");
  auto& messages = backend_->messages();
  for (int i = 0; i < 5; ++i) messages.send(i % 2 ? a.id : b.id, i % 2 ? b.id : a.id, std::to_string(i));
  EXPECT_EQ(contents(messages.page(a.id, 1, 2)), (Texts{"0", "1"}));
  EXPECT_EQ(contents(messages.page(a.id, 3, 2)), (Texts{"4"}));
  EXPECT_TRUE(messages.page(a.id, 4, 2).empty());
  EXPECT_TRUE(messages.page(a.id, 1, 0).empty());
  EXPECT_TRUE(messages.page(a.id, INT64_MAX, INT64_MAX).empty());
  EXPECT_EQ(messages.page(a.id, 1, INT64_MAX).size(), 5U);
  EXPECT_EQ(field_of([&] { messages.page(a.id, 0, 1); }), "page");
  EXPECT_EQ(field_of([&] { messages.page(a.id, 1, -1); }), "limit");
}

TEST_P(MessagesService, PagesByCursor) {
  const auto a = make_user("a"), b = make_user("b"), c = make_user("c");
  auto& messages = backend_->messages();
  for (int i = 0; i < 6; ++i) {
    messages.send(i % 2 ? a.id : b.id, i % 2 ? b.id : a.id, std::to_string(i));
    messages.send(c.id, a.id, "c");
  }
  auto page = messages.list(a.id, {b.id, {}, {}, 4});
  EXPECT_EQ(contents(page.messages), (Texts{"5", "4", "3", "2"}));
  ASSERT_TRUE(page.next);
  page = messages.list(a.id, {b.id, page.next, {}, 4});
  EXPECT_EQ(contents(page.messages), (Texts{"1", "0"}));
  EXPECT_FALSE(page.next);
  page = messages.list(a.id, {b.id, {}, 0, 5});
  EXPECT_EQ(contents(page.messages), (Texts{"0", "1", "2", "3", "4"}));
  page = messages.list(a.id, {b.id, {}, page.next, 5});
  EXPECT_EQ(contents(page.messages), (Texts{"5"}));
  EXPECT_EQ(messages.list(a.id, {{}, {}, {}, 100}).messages.size(), 12U);
}

TEST_P(MessagesService, ChecksCursors) {
  const auto list = [&](MessageQuery query) { return field_of([&] { backend_->messages().list(1, query); }); };
  EXPECT_EQ(list({{}, {}, {}, 0}), "limit");
  EXPECT_EQ(list({{}, {}, {}, 101}), "limit");
  EXPECT_EQ(list({{}, 0, {}, 1}), "before");
  EXPECT_EQ(list({{}, {}, -1, 1}), "after");
  EXPECT_EQ(list({{}, 1, 1, 1}), "before");
}

// Each half stops after `limit` rows of an index: no sorting of a whole history.
TEST_P(MessagesService, ReadsPagesFromIndexes) {
  if (backend_->database().engine() != Database::Engine::sqlite) GTEST_SKIP() << "reads SQLite's plans";
  const auto plan = backend_->database().query(
      "EXPLAIN QUERY PLAN SELECT id FROM (SELECT * FROM (SELECT id FROM messages WHERE sender_id = $1 AND recipient_id = $2 AND id < $3 "
      "ORDER BY id DESC LIMIT $4) a UNION ALL SELECT * FROM (SELECT id FROM messages WHERE sender_id = $2 AND recipient_id = $1 AND "
      "sender_id <> recipient_id AND id < $3 ORDER BY id DESC LIMIT $4) b) m ORDER BY id DESC LIMIT $4",
      {1, 2, 3, 4});
  std::string text;
  for (std::size_t i = 0; i < plan.size(); ++i) text += plan[i].text(3) + "\n";
  EXPECT_EQ(text.find("SCAN messages"), std::string::npos) << text;
  EXPECT_NE(text.find("messages_pair"), std::string::npos) << text;
}

}  // namespace
}  // namespace backend
