#pragma once
#include <backend/ports.h>

/// Taking over the PostgreSQL database of the FastAPI backend: around the first migration and in its transaction.
namespace backend::store {

/// Before: renames the tables of the FastAPI backend, when they are there, to seed_users, seed_messages and
/// seed_documents. Throws Error conflict for tables in the way that are not its own, or not all of them.
void set_seed_aside(Database& database);

/// After: copies what was set aside into our tables and drops it, unless it has columns that ours do not keep.
/// Accounts whose addresses differ only by case both stay: the one written in folded form, else the older one, takes
/// the folded key, the others keep the address as given for their key. Times are taken for UTC; a missing one is now.
void copy_seed(Database& database, const Clock& clock);

/// Before the first migration is taken back. Throws Error conflict when anything is stored.
void refuse_to_lose_rows(Database& database);

}  // namespace backend::store
