-- A magazine as Rails migrates one on SQLite.
CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
CREATE TABLE "users" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "email" varchar DEFAULT '' NOT NULL, "sign_in_count" integer DEFAULT 0 NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "admin" boolean DEFAULT FALSE NOT NULL, "settings" json DEFAULT '{}' NOT NULL, "balance" decimal(12,2) DEFAULT 0.0 NOT NULL, "rate" float DEFAULT 0.5 NOT NULL, "seen_at" datetime(6) DEFAULT CURRENT_TIMESTAMP NOT NULL, "anything");
CREATE UNIQUE INDEX "index_users_on_email" ON "users" ("email");
CREATE INDEX "index_users_on_seen_at" ON "users" ("seen_at");
CREATE TABLE "posts" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "user_id" integer NOT NULL, "editor_id" integer, "title" varchar(120) NOT NULL, "body" text, "published" boolean DEFAULT 0, "score" double, CONSTRAINT "fk_rails_5b5ddfd518" FOREIGN KEY ("user_id") REFERENCES "users" ("id"), CONSTRAINT "fk_rails_9aa9dcb07a" FOREIGN KEY ("editor_id") REFERENCES "users" ("id") ON DELETE SET NULL);
CREATE INDEX "index_posts_on_user_id" ON "posts" ("user_id");
CREATE TABLE "tags" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL COLLATE NOCASE);
CREATE TABLE "posts_tags" ("post_id" integer NOT NULL REFERENCES posts, "tag_id" integer NOT NULL REFERENCES tags);
CREATE UNIQUE INDEX "index_posts_tags_on_post_id_and_tag_id" ON "posts_tags" ("post_id", "tag_id");
CREATE TABLE "friendships" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "user_id" integer NOT NULL REFERENCES users, "friend_id" integer NOT NULL REFERENCES users, UNIQUE ("user_id", "friend_id"));
CREATE TABLE "accounts" ("id" varchar(36) NOT NULL PRIMARY KEY, "user_id" integer NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE);
CREATE TABLE "likes" ("post_id" integer NOT NULL, "liker_name" varchar);
CREATE TABLE "counts" ("name" text PRIMARY KEY NOT NULL, "count" integer NOT NULL) WITHOUT ROWID;
INSERT INTO "ar_internal_metadata" VALUES ('environment', 'production', '2026-11-23 07:30:00.123456', '2026-11-23 07:30:00.123456');
INSERT INTO "users" ("email", "settings", "balance", "seen_at") VALUES ('ada@example.com', '{"theme":"dark"}', 12.5, '2026-11-23 07:30:00.123456'), ('bob@example.com', '{}', 100, '2026-11-24 08:00:00');
