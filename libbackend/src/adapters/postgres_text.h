#pragma once
#include <chrono>
#include <string>
#include <string_view>

/// The textual side of the PostgreSQL adapter: what goes into a connection string, what comes out of a
/// message.
namespace backend::adapters {

/// `url` (a URI or libpq's keyword=value form) with this library's settings where it has none of its own: a
/// name, a bound on connecting, and keep-alives that notice a dead network within seconds.
std::string with_connection_defaults(const std::string& url, std::chrono::milliseconds timeout);

/// The statements that put a new session into the state the SQL of this library relies on.
std::string session_setup(std::chrono::milliseconds timeout);

/// The statement with a type at every parameter, one letter a value: 'i' BIGINT, 'd' DOUBLE PRECISION, 't'
/// TEXT, 'n' NULL, which is written out and leaves the numbering. Left alone, the server guesses from the
/// first place where a parameter stands, and refuses `$1 IS NULL OR ...` and an integer beyond 32 bits in `$1
/// = 0`. Throws Error internal when the statement does not take exactly that many values.
std::string with_types(std::string_view sql, std::string_view types);

/// The columns ("sender_id, client_id") of the key that a unique or foreign key violation speaks of; else the
/// constraint's name. Independent of the server's language.
std::string violated_key(std::string_view message);

/// The message without "ERROR:" and details, which may quote stored values.
std::string first_line(std::string_view message);

}  // namespace backend::adapters
