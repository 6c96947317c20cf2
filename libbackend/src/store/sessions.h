#pragma once
#include <backend/types.h>

#include <optional>
#include <string_view>

namespace backend {
class Database;
}

namespace backend::store {

struct SessionRow {
  SessionId id = 0;
  UserId user_id = 0;
};

SessionId insert_session(Database& db, UserId user, std::string_view refresh_hash, Timestamp now, Timestamp expires_at);
/// Exchanges the hash of an open, unexpired session; nothing when there is none with `old_hash`.
std::optional<SessionRow> rotate_session(Database& db, std::string_view old_hash, std::string_view new_hash, Timestamp now,
                                         Timestamp expires_at);
void end_session(Database& db, std::string_view refresh_hash, Timestamp now);
void end_session(Database& db, UserId user, SessionId session, Timestamp now);

}  // namespace backend::store
