-- A blog that somebody wrote by hand.
CREATE TYPE "Mood" AS ENUM ('sad', 'so so', 'it''s fair', '2nd');
CREATE TYPE unused AS ENUM ('one');
CREATE TABLE authors (
    id bigserial PRIMARY KEY,
    name text NOT NULL,
    email character varying(255) NOT NULL DEFAULT '',
    born date,
    active boolean NOT NULL DEFAULT true,
    score numeric NOT NULL DEFAULT 0,
    settings jsonb,
    "type" text NOT NULL DEFAULT 'it''s',
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    seen_at timestamp without time zone,
    mood "Mood" NOT NULL DEFAULT 'so so',
    former "Mood",
    moods "Mood"[] NOT NULL DEFAULT '{}',
    aliases text[] NOT NULL DEFAULT '{}',
    awards integer[],
    away date[] NOT NULL DEFAULT '{2026-12-24}',
    hours time without time zone[],
    shown timestamp without time zone[],
    logins timestamp(6) with time zone[] NOT NULL,
    prices numeric[],
    lengths real[],
    CONSTRAINT authors_name_key UNIQUE (name),
    CONSTRAINT "scores are positive" CHECK (score >= 0)
);
CREATE TABLE "BlogPosts" (
    "postId" uuid PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors ON DELETE CASCADE,
    title text NOT NULL,
    words integer NOT NULL DEFAULT 0,
    slug text GENERATED ALWAYS AS (lower(title)) STORED
);
CREATE INDEX posts_by_title ON "BlogPosts" (lower(title) text_pattern_ops, words DESC)
    WHERE words > 10;
CREATE INDEX "BlogPosts_author_id_idx" ON "BlogPosts" (author_id);
COMMENT ON TABLE authors IS 'who "writes"';
COMMENT ON COLUMN "BlogPosts".words IS 'counted';
COMMENT ON INDEX posts_by_title IS 'for the search';
CREATE TABLE tags (post uuid NOT NULL, tag text NOT NULL, PRIMARY KEY (tag, post));
CREATE TABLE log (line text);
CREATE VIEW recent AS SELECT * FROM "BlogPosts" LIMIT 10;
CREATE TABLE notes (id bigserial PRIMARY KEY, team text NOT NULL, text text NOT NULL);
CREATE POLICY dataflow_tenant ON notes
    USING (team = NULLIF(current_setting('dataflow.tenant', true), ''));
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
