#include "store/messages.h"

#include <backend/ports.h>

#include <string>

namespace backend::store {
namespace {

const std::string columns = "id, sender_id, recipient_id, content, client_id, created_at, edited_at, read_at";
constexpr std::size_t column_count = 8;

// Sent and received are two index ranges: one query with OR would read and sort all of both, halves that are cut
// before they are merged read `limit` rows each. A note to oneself belongs to the first half only.
const std::string all_sent = "sender_id = $1";
const std::string all_received = "recipient_id = $1 AND sender_id <> $1";
const std::string sent_to = "sender_id = $1 AND recipient_id = $2";
const std::string received_from = "sender_id = $2 AND recipient_id = $1 AND sender_id <> recipient_id";

Message message_of(const Rows::Row& row) {
  return {row.integer(0), row.integer(1),       row.integer(2),       row.text(3), row.optional_text(4),
          row.time(5),    row.optional_time(6), row.optional_time(7), {}};
}

std::vector<Message> messages_of(const Rows& rows) {
  std::vector<Message> messages;
  messages.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) messages.push_back(message_of(rows[i]));
  return messages;
}

std::string merged(const std::string& first, const std::string& second, const std::string& ending) {
  const auto half = [&](const std::string& where) { return "(SELECT " + columns + " FROM messages WHERE " + where + ending + ")"; };
  return "SELECT " + columns + " FROM (SELECT * FROM " + half(first) + " a UNION ALL SELECT * FROM " + half(second) + " b) m ";
}

struct Cursor {
  const char* comparison;
  const char* order;
};
constexpr Cursor backward{"<", "DESC"};
constexpr Cursor forward{">", "ASC"};

std::string listing(const Cursor& cursor, bool with_peer) {
  const std::string bound = with_peer ? "$3" : "$2", limit = with_peer ? "$4" : "$3";
  const std::string order = std::string("ORDER BY id ") + cursor.order + " LIMIT " + limit;
  const std::string ending = std::string(" AND id ") + cursor.comparison + " " + bound + " " + order;
  return (with_peer ? merged(sent_to, received_from, ending) : merged(all_sent, all_received, ending)) + order;
}

std::vector<Message> beyond(Database& db, const Cursor& cursor, UserId user, std::optional<UserId> peer, MessageId bound, int limit) {
  if (peer) return messages_of(db.query(listing(cursor, true), {user, *peer, bound, limit}));
  return messages_of(db.query(listing(cursor, false), {user, bound, limit}));
}

}  // namespace

std::optional<MessageId> insert_message(Database& db, UserId sender, UserId recipient, std::string_view content,
                                        std::optional<std::string_view> client_id, Timestamp now) {
  // The casts tell PostgreSQL the types of values that stand in a SELECT.
  const auto rows = db.query(
      "INSERT INTO messages (sender_id, recipient_id, content, client_id, created_at) "
      "SELECT CAST($1 AS BIGINT), id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT) FROM users WHERE id = $2 "
      "ON CONFLICT (sender_id, client_id) DO NOTHING RETURNING id",
      {sender, recipient, content, client_id, now});
  if (rows.empty()) return std::nullopt;
  return rows[0].integer(0);
}

std::optional<Message> find_message(Database& db, UserId sender, std::string_view client_id) {
  static const auto sql = "SELECT " + columns + " FROM messages WHERE sender_id = $1 AND client_id = $2";
  const auto rows = db.query(sql, {sender, client_id});
  if (rows.empty()) return std::nullopt;
  return message_of(rows[0]);
}

std::vector<Message> conversation(Database& db, UserId user, UserId peer) {
  static const auto sql =
      "SELECT m.id, m.sender_id, m.recipient_id, m.content, m.client_id, m.created_at, m.edited_at, m.read_at, u.full_name "
      "FROM (" +
      merged(sent_to, received_from, "") + ") m JOIN users u ON u.id = m.sender_id ORDER BY m.created_at, m.id";
  const auto rows = db.query(sql, {user, peer});
  auto messages = messages_of(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) messages[i].sender_name = rows[i].text(column_count);
  return messages;
}

std::vector<Message> messages_at(Database& db, UserId user, std::int64_t offset, std::int64_t limit) {
  static const auto sql = merged(all_sent, all_received, " ORDER BY id LIMIT $2") + "ORDER BY id LIMIT $3 OFFSET $4";
  return messages_of(db.query(sql, {user, offset + limit, limit, offset}));
}

std::vector<Message> messages_before(Database& db, UserId user, std::optional<UserId> peer, MessageId bound, int limit) {
  return beyond(db, backward, user, peer, bound, limit);
}

std::vector<Message> messages_after(Database& db, UserId user, std::optional<UserId> peer, MessageId bound, int limit) {
  return beyond(db, forward, user, peer, bound, limit);
}

}  // namespace backend::store
