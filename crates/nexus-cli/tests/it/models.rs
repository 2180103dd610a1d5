//! `nexus models generate`: models for databases that somebody else made.
//!
//! The files beside this one are what it writes, and are compiled with the tests.

#[allow(
    unreachable_pub,
    reason = "the file is written for a crate's own module"
)]
mod postgres;
#[allow(
    unreachable_pub,
    reason = "the file is written for a crate's own module"
)]
mod sqlite;

use dataflow::{DataFlow, SchemaSet};
use dataflow_core::ddl::{Outcome, SyncOptions};

use crate::setup::Setup;

const POSTGRES: &str = "
CREATE TYPE \"Mood\" AS ENUM ('sad', 'so so', 'it''s fair', '2nd');
CREATE TYPE unused AS ENUM ('one');
CREATE TABLE authors (
    id bigserial PRIMARY KEY,
    name text NOT NULL,
    email character varying(255) NOT NULL DEFAULT '',
    born date,
    active boolean NOT NULL DEFAULT true,
    score numeric NOT NULL DEFAULT 0,
    settings jsonb,
    \"type\" text NOT NULL DEFAULT 'it''s',
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    seen_at timestamp without time zone,
    mood \"Mood\" NOT NULL DEFAULT 'so so',
    former \"Mood\",
    aliases text[] NOT NULL DEFAULT '{}',
    awards integer[],
    CONSTRAINT authors_name_key UNIQUE (name),
    CONSTRAINT \"scores are positive\" CHECK (score >= 0)
);
CREATE TABLE \"BlogPosts\" (
    \"postId\" uuid PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors ON DELETE CASCADE,
    title text NOT NULL,
    words integer NOT NULL DEFAULT 0,
    slug text GENERATED ALWAYS AS (lower(title)) STORED
);
CREATE INDEX posts_by_title ON \"BlogPosts\" (lower(title) text_pattern_ops, words DESC)
    WHERE words > 10;
CREATE INDEX \"BlogPosts_author_id_idx\" ON \"BlogPosts\" (author_id);
COMMENT ON TABLE authors IS 'who \"writes\"';
COMMENT ON COLUMN \"BlogPosts\".words IS 'counted';
COMMENT ON INDEX posts_by_title IS 'for the search';
CREATE TABLE tags (post uuid NOT NULL, tag text NOT NULL, PRIMARY KEY (tag, post));
CREATE TABLE log (line text);
CREATE VIEW recent AS SELECT * FROM \"BlogPosts\" LIMIT 10;
";

const SQLITE: &str = "
CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    email VARCHAR(255) NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1,
    \"type\" TEXT NOT NULL DEFAULT 'it''s',
    made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    photo BLOB,
    CHECK (length(name) > 1)
);
CREATE TABLE \"BlogPosts\" (
    \"postId\" TEXT NOT NULL PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES authors ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    title TEXT NOT NULL,
    words INTEGER NOT NULL DEFAULT 0,
    slug TEXT AS (lower(title)) STORED
);
CREATE INDEX posts_by_title ON \"BlogPosts\" (lower(title), words DESC) WHERE words > 10;
CREATE INDEX \"BlogPosts_author_id_idx\" ON \"BlogPosts\" (author_id);
CREATE TABLE tags (post TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (tag, post))
    WITHOUT ROWID;
CREATE TABLE log (line TEXT);
CREATE VIEW recent AS SELECT * FROM \"BlogPosts\" LIMIT 10;
CREATE TRIGGER counted AFTER INSERT ON authors BEGIN INSERT INTO log VALUES (new.name); END;
";

/// Sees that a database is written as a file, and that its models change nothing.
fn check(setup: &Setup, schema: &str, file: &str, written: &str, models: SchemaSet) {
    setup.execute(schema);

    let generated = setup.nexus(&["models", "generate"]).expect(0);

    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = format!("{}/tests/it/models/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, &generated.stdout).unwrap();
        return;
    }
    assert_eq!(generated.stdout, written);
    for line in written
        .lines()
        .filter_map(|line| line.strip_prefix("// - "))
    {
        assert!(generated.stderr.contains(line), "{line}: {generated:?}");
    }
    let models = models.validated().unwrap();
    let plan = setup.executor().plan(&models).unwrap();
    assert!(plan.steps.is_empty(), "{plan}");
    let ready = setup
        .executor()
        .synchronize(&models, &SyncOptions::default())
        .unwrap();
    assert_eq!(ready.outcome(), Outcome::Unchanged, "{plan}");
    DataFlow::builder(setup.url())
        .models(models)
        .open()
        .unwrap();
}

#[test]
fn models_of_a_postgres_database_compile_and_change_nothing() {
    let models = SchemaSet::new()
        .model::<postgres::Author>()
        .model::<postgres::BlogPost>()
        .model::<postgres::Tag>();
    let written = include_str!("models/postgres.rs");
    check(&Setup::postgres(), POSTGRES, "postgres.rs", written, models);
}

#[test]
fn models_of_a_sqlite_database_compile_and_change_nothing() {
    let models = SchemaSet::new()
        .model::<sqlite::Author>()
        .model::<sqlite::BlogPost>()
        .model::<sqlite::Tag>();
    let written = include_str!("models/sqlite.rs");
    check(&Setup::sqlite(), SQLITE, "sqlite.rs", written, models);
}

#[test]
fn a_database_without_tables_has_no_models() {
    for setup in Setup::both() {
        let generated = setup
            .nexus(&["models", "generate", "--output", "models.rs"])
            .expect(0);
        assert_eq!((&*generated.stdout, &*generated.stderr), ("", ""));
        let text = std::fs::read_to_string(setup.folder().join("models.rs")).unwrap();
        assert!(!text.contains("struct"), "{text}");
    }
}
