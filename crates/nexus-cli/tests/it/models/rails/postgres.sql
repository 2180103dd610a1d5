-- A magazine as Rails migrates one on PostgreSQL.
CREATE TABLE schema_migrations (version character varying NOT NULL, CONSTRAINT schema_migrations_pkey PRIMARY KEY (version));
CREATE TABLE ar_internal_metadata (key character varying NOT NULL, value character varying, created_at timestamp(6) without time zone NOT NULL, updated_at timestamp(6) without time zone NOT NULL, CONSTRAINT ar_internal_metadata_pkey PRIMARY KEY (key));
CREATE SEQUENCE users_id_seq;
CREATE TABLE users (
    id bigint NOT NULL DEFAULT nextval('users_id_seq'),
    email character varying DEFAULT ''::character varying NOT NULL,
    encrypted_password character varying DEFAULT ''::character varying NOT NULL,
    sign_in_count integer DEFAULT 0 NOT NULL,
    role integer DEFAULT 0 NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    raw json DEFAULT '{}'::json NOT NULL,
    current_sign_in_ip inet,
    reset_password_sent_at timestamp(6) without time zone,
    balance numeric(12,2) DEFAULT 0.0 NOT NULL,
    rate numeric DEFAULT 0 NOT NULL,
    pin character(4),
    seen_at timestamp(6) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    changed_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
ALTER SEQUENCE users_id_seq OWNED BY users.id;
CREATE UNIQUE INDEX index_users_on_email ON users (email);
CREATE UNIQUE INDEX index_users_on_lower_email ON users (lower((email)::text));
CREATE INDEX index_users_on_reset ON users (reset_password_sent_at);
CREATE TABLE posts (id bigserial PRIMARY KEY, user_id bigint NOT NULL, editor_id bigint, title character varying NOT NULL, body text, status character varying DEFAULT 'draft'::character varying NOT NULL, published boolean DEFAULT false, score real, created_at timestamp(6) with time zone NOT NULL, CONSTRAINT status_is_known CHECK (status IN ('draft', 'out')), CONSTRAINT fk_rails_5b5ddfd518 FOREIGN KEY (user_id) REFERENCES users (id), CONSTRAINT fk_rails_9aa9dcb07a FOREIGN KEY (editor_id) REFERENCES users (id) ON DELETE SET NULL);
CREATE INDEX index_posts_on_user_id ON posts USING btree (user_id);
CREATE INDEX index_posts_on_user_id_and_status ON posts (user_id, status) WHERE published;
CREATE TABLE comments (id bigserial PRIMARY KEY, commentable_type character varying NOT NULL, commentable_id bigint NOT NULL, body text NOT NULL);
CREATE INDEX index_comments_on_commentable ON comments (commentable_type, commentable_id);
CREATE TABLE tags (id bigserial PRIMARY KEY, name character varying NOT NULL);
CREATE TABLE posts_tags (post_id bigint NOT NULL REFERENCES posts, tag_id bigint NOT NULL REFERENCES tags);
CREATE UNIQUE INDEX index_posts_tags_on_post_id_and_tag_id ON posts_tags (post_id, tag_id);
CREATE INDEX index_posts_tags_on_tag_id ON posts_tags (tag_id);
CREATE TABLE friendships (id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, friend_id bigint NOT NULL REFERENCES users, UNIQUE (user_id, friend_id));
CREATE TABLE accounts (id uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, CONSTRAINT index_accounts_on_user_id UNIQUE (user_id));
CREATE TABLE likes (post_id bigint NOT NULL, liker_name character varying);
INSERT INTO users (email, balance, reset_password_sent_at, changed_at) VALUES ('ada@example.com', 12.5, '2026-11-23 07:30:00.123456', '2026-11-23 07:30:00.123+00');
