#pragma once
#include <backend/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backend {

class Clock;
class Database;
struct Settings;

struct Message {
  MessageId id = 0;
  UserId sender_id = 0;
  UserId recipient_id = 0;
  std::string content;
  std::optional<std::string> client_id;
  Timestamp created_at{};
  std::optional<Timestamp> edited_at;
  std::optional<Timestamp> read_at;
  std::string sender_name;  ///< filled by conversation() only
};

/// A page of messages; `next` is the cursor for the following page (give it as before or after), or none.
struct MessagePage {
  std::vector<Message> messages;
  std::optional<MessageId> next;
};

/// Which part of one's messages to list. Newest first; with `after`, oldest first.
struct MessageQuery {
  std::optional<UserId> with;
  std::optional<MessageId> before;
  std::optional<MessageId> after;
  int limit = 20;  ///< 1..100
};

/// Direct messages between two users. Thread-safe. Borrows its ports: each must outlive this object.
class Messages {
 public:
  Messages(Database& database, const Clock& clock, const Settings& settings)
      : database_(database), clock_(clock), settings_(settings) {}

  /// Stores `content` (1..Settings::message_max_length code points of UTF-8). Sending again with the same
  /// `client_id` (up to 64 bytes) returns the first message.
  /// Throws Error: invalid ("content", "client_id"), not_found "Recipient not found" ("recipient_id").
  Message send(UserId sender, UserId recipient, std::string_view content, std::string_view client_id = {});

  /// All messages between the two, ascending by time, each with sender_name.
  std::vector<Message> conversation(UserId user, UserId peer) const;

  /// The `page`-th (from 1) `limit` messages from or to `user`, ascending by id. Throws Error invalid ("page", "limit").
  std::vector<Message> page(UserId user, std::int64_t page, std::int64_t limit) const;

  /// Keyset paging over the messages from or to `user`. Throws Error invalid ("limit", "before").
  MessagePage list(UserId user, const MessageQuery& query) const;

 private:
  Database& database_;
  const Clock& clock_;
  const Settings& settings_;
};

}  // namespace backend
