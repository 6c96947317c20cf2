-- Accounts, sessions, messages, documents, notifications. Times are microseconds UTC; flags are 0 or 1.
CREATE TABLE users (
  id {{id}},
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,      -- NFC and case-folded; as given for the second of two adopted accounts
  username TEXT,
  username_key TEXT UNIQUE,
  password_hash TEXT NOT NULL,
  full_name TEXT NOT NULL,
  is_active SMALLINT NOT NULL DEFAULT 1,
  is_verified SMALLINT NOT NULL DEFAULT 0,
  role TEXT NOT NULL DEFAULT 'user',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE sessions (
  id {{id}},
  user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  refresh_hash TEXT NOT NULL UNIQUE,   -- SHA-256 of the token, hexadecimal
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE messages (
  id {{id}},
  sender_id BIGINT NOT NULL REFERENCES users (id),
  recipient_id BIGINT NOT NULL REFERENCES users (id),
  content TEXT NOT NULL,
  client_id TEXT,
  created_at BIGINT NOT NULL,
  edited_at BIGINT,
  read_at BIGINT
);
CREATE UNIQUE INDEX messages_client ON messages (sender_id, client_id);
CREATE INDEX messages_pair ON messages (sender_id, recipient_id, id);
CREATE INDEX messages_recipient ON messages (recipient_id, id);
CREATE INDEX messages_sender ON messages (sender_id, id);

CREATE TABLE documents (
  id {{id}},
  user_id BIGINT NOT NULL REFERENCES users (id),
  filename TEXT NOT NULL,
  blob_key TEXT,                       -- none: the file of an adopted document was not found
  legacy_path TEXT,                    -- where the FastAPI backend kept the file; see adopt_files()
  sha256 TEXT,
  status TEXT NOT NULL,
  error TEXT,
  text TEXT NOT NULL DEFAULT '',
  search_text TEXT NOT NULL DEFAULT '',  -- file name and text, NFC and case-folded
  page_count BIGINT NOT NULL DEFAULT 0,
  table_count BIGINT NOT NULL DEFAULT 0,
  file_size BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);
CREATE INDEX documents_owner ON documents (user_id, id);
CREATE INDEX documents_legacy ON documents (id) WHERE blob_key IS NULL AND legacy_path IS NOT NULL;

CREATE TABLE notifications (
  id {{id}},
  sender_id BIGINT REFERENCES users (id),
  email TEXT NOT NULL,
  message TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'queued',
  created_at BIGINT NOT NULL
);
CREATE INDEX notifications_status ON notifications (status, id);
