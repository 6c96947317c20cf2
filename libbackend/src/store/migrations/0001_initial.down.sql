DROP TABLE notifications;
DROP TABLE documents;
DROP TABLE messages;
DROP TABLE sessions;
DROP TABLE users;
