-- A blog that somebody wrote by hand.
CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    email VARCHAR(255) NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1,
    "type" TEXT NOT NULL DEFAULT 'it''s',
    made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    photo BLOB,
    CHECK (length(name) > 1)
);
CREATE TABLE "BlogPosts" (
    "postId" TEXT NOT NULL PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES authors ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    title TEXT NOT NULL,
    words INTEGER NOT NULL DEFAULT 0,
    slug TEXT AS (lower(title)) STORED
);
CREATE INDEX posts_by_title ON "BlogPosts" (lower(title), words DESC) WHERE words > 10;
CREATE INDEX "BlogPosts_author_id_idx" ON "BlogPosts" (author_id);
CREATE TABLE tags (post TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (tag, post))
    WITHOUT ROWID;
CREATE TABLE log (line TEXT);
CREATE VIEW recent AS SELECT * FROM "BlogPosts" LIMIT 10;
CREATE TRIGGER counted AFTER INSERT ON authors BEGIN INSERT INTO log VALUES (new.name); END;
