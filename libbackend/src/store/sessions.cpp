#include "store/sessions.h"

#include <backend/ports.h>

namespace backend::store {

SessionId insert_session(Database& db, UserId user, std::string_view refresh_hash, Timestamp now, Timestamp expires_at) {
  return db
      .query(
          "INSERT INTO sessions (user_id, refresh_hash, created_at, used_at, expires_at) VALUES ($1, $2, $3, $3, $4) "
          "RETURNING id",
          {user, refresh_hash, now, expires_at})[0]
      .integer(0);
}

std::optional<SessionRow> rotate_session(Database& db, std::string_view old_hash, std::string_view new_hash, Timestamp now,
                                         Timestamp expires_at) {
  const auto rows = db.query(
      "UPDATE sessions SET refresh_hash = $2, used_at = $3, expires_at = $4 WHERE refresh_hash = $1 AND ended_at IS NULL "
      "AND expires_at > $3 RETURNING id, user_id",
      {old_hash, new_hash, now, expires_at});
  if (rows.empty()) return std::nullopt;
  return SessionRow{rows[0].integer(0), rows[0].integer(1)};
}

void end_session(Database& db, std::string_view refresh_hash, Timestamp now) {
  db.exec("UPDATE sessions SET ended_at = $2 WHERE refresh_hash = $1 AND ended_at IS NULL", {refresh_hash, now});
}

void end_session(Database& db, UserId user, SessionId session, Timestamp now) {
  db.exec("UPDATE sessions SET ended_at = $3 WHERE id = $2 AND user_id = $1 AND ended_at IS NULL", {user, session, now});
}

}  // namespace backend::store
