#pragma once
#include <backend/messages.h>

#include <optional>
#include <string_view>
#include <vector>

namespace backend::store {

/// Nothing when there is no such recipient, or when the sender has used the client_id before.
std::optional<MessageId> insert_message(Database& db, UserId sender, UserId recipient, std::string_view content,
                                        std::optional<std::string_view> client_id, Timestamp now);
std::optional<Message> find_message(Database& db, UserId sender, std::string_view client_id);
/// Ascending by time, with sender_name.
std::vector<Message> conversation(Database& db, UserId user, UserId peer);
/// Ascending by id.
std::vector<Message> messages_at(Database& db, UserId user, std::int64_t offset, std::int64_t limit);
/// Those beyond a cursor: ids under `bound` newest first, or over it oldest first.
std::vector<Message> messages_before(Database& db, UserId user, std::optional<UserId> peer, MessageId bound, int limit);
std::vector<Message> messages_after(Database& db, UserId user, std::optional<UserId> peer, MessageId bound, int limit);

}  // namespace backend::store
