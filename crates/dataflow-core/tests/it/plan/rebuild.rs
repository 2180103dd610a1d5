use dataflow_core::dialect::Sqlite;
use dataflow_core::plan::{Hints, TableHints};
use insta::assert_snapshot;

use super::planned;
use super::tables::{
    column, foreign_key, index, made_with, nullable, table, with_default, with_rows,
};

/// A statement as people write them, with all that a parser can stumble over.
const BY_HAND: &str = r#"CREATE TABLE "users" (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key (counted up)
    [full name] TEXT NOT NULL DEFAULT 'O''Brien, (Jr.)' COLLATE NOCASE,
    `size` INTEGER CONSTRAINT positive CHECK (size > 0 AND size <> 7) NOT NULL,
    team INTEGER NULL REFERENCES teams (id) ON DELETE SET NULL NOT DEFERRABLE,
    label TEXT GENERATED ALWAYS AS (upper("full name")) STORED,
    note TEXT,
    /* together, not apart */
    CONSTRAINT one UNIQUE ("full name", size),
    CHECK (length(note) < 100)
) STRICT"#;

#[test]
fn what_is_written_anew_keeps_all_that_nobody_wants_changed() {
    let mut found = table(
        "users",
        &[
            with_default(column("full name", "TEXT"), "'O''Brien, (Jr.)'"),
            column("size", "INTEGER"),
            nullable(column("team", "INTEGER")),
            nullable(column("label", "TEXT")),
            nullable(column("note", "TEXT")),
        ],
    );
    found.columns[0].is_serial = true;
    found.columns[0].column_type = "INTEGER".to_owned();
    found.indexes = vec![
        index("by_note", &["note"], false),
        index("by_size", &["size"], false),
    ];
    found.foreign_keys = vec![foreign_key("team", "teams")];
    let attachments = [
        ("by_note", "CREATE INDEX by_note ON users (note)"),
        ("by_size", "CREATE INDEX by_size ON users (size)"),
        (
            "log",
            "CREATE TRIGGER log AFTER INSERT ON users BEGIN SELECT 1; END",
        ),
    ];
    let found = with_rows(made_with(found, BY_HAND, &attachments), 3);
    let mut desired = found.clone();
    desired.columns[1].default = None;
    desired.columns[2] = with_default(nullable(column("size", "TEXT")), "'7'");
    desired.columns[3] = with_default(column("team", "INTEGER"), "1");
    desired.columns.pop();
    desired.indexes.remove(0);
    desired
        .columns
        .push(with_default(column("made", "TEXT"), "datetime('now')"));
    let hints = Hints {
        tables: vec![TableHints {
            table: "users".into(),
            dropped_columns: vec!["note".to_owned()],
            dropped_constraints: vec!["positive".to_owned()],
            declared_defaults: vec!["full name".to_owned()],
            ..TableHints::default()
        }],
        ..Hints::default()
    };
    let plan = planned(&[desired], &[found], &hints, &Sqlite);
    assert_snapshot!(format!("{plan:#}"), @r#"
    + write table "users" anew: take the default from column "full name" of table "users", change column "size" of table "users" from INTEGER to TEXT, let column "size" of table "users" take null, give column "team" of table "users" the default 1, let column "team" of table "users" refuse null, add column "made" to table "users", drop column "note" of table "users", drop constraint "positive" of table "users" (destructive, about 3 rows, locks out writers)
        CREATE TABLE "dataflow_new_users" (
          "id" INTEGER PRIMARY KEY AUTOINCREMENT,
          "full name" TEXT NOT NULL COLLATE NOCASE,
          "size" TEXT DEFAULT '7',
          "team" INTEGER NOT NULL DEFAULT 1 REFERENCES teams (id) ON DELETE SET NULL NOT DEFERRABLE,
          "label" TEXT GENERATED ALWAYS AS (upper("full name")) STORED,
          "made" TEXT NOT NULL DEFAULT (datetime('now')),
          CONSTRAINT one UNIQUE ("full name", size)
        ) STRICT;
        INSERT INTO "dataflow_new_users" ("id", "full name", "size", "team") SELECT "id", "full name", "size", coalesce("team", 1) FROM "users";
        -- must give no row
        SELECT 1 WHERE (SELECT count(*) FROM "users") <> (SELECT count(*) FROM "dataflow_new_users");
        DELETE FROM sqlite_sequence WHERE name = 'dataflow_new_users';
        INSERT INTO sqlite_sequence (name, seq) SELECT 'dataflow_new_users', seq FROM sqlite_sequence WHERE name = 'users';
        DROP TABLE "users";
        PRAGMA legacy_alter_table = ON;
        ALTER TABLE "dataflow_new_users" RENAME TO "users";
        PRAGMA legacy_alter_table = OFF;
        CREATE INDEX by_size ON users (size);
        CREATE TRIGGER log AFTER INSERT ON users BEGIN SELECT 1; END;
        CREATE TABLE "dataflow_new_users" (x);
        ALTER TABLE "dataflow_new_users" RENAME COLUMN x TO x;
        DROP TABLE "dataflow_new_users";
        -- must give no row
        SELECT 1 FROM pragma_foreign_key_check WHERE "table" = 'users' OR parent = 'users' LIMIT 1;
    "#);
}

#[test]
fn a_large_table_is_written_anew_only_if_that_is_allowed() {
    for (rows, expected) in [(0, "safe"), (10_000, "scan"), (10_001, "rewrite")] {
        let found = made_with(
            table("users", &[column("a", "TEXT")]),
            "CREATE TABLE users (id INTEGER PRIMARY KEY, a TEXT NOT NULL)",
            &[],
        );
        let desired = table("users", &[nullable(column("a", "TEXT"))]);
        let plan = planned(
            &[desired],
            &[with_rows(found, rows)],
            &Hints::default(),
            &Sqlite,
        );
        assert_eq!(plan.steps[0].class.to_string(), expected, "{rows} rows");
    }
}

#[test]
fn a_table_whose_statement_cannot_be_read_is_left_alone() {
    for sql in [
        "CREATE VIRTUAL TABLE users USING fts5(a)",
        "CREATE TABLE users (a 'b",
    ] {
        let found = made_with(table("users", &[column("a", "TEXT")]), sql, &[]);
        let desired = table("users", &[nullable(column("a", "TEXT"))]);
        let plan = planned(&[desired], &[found], &Hints::default(), &Sqlite);
        assert!(plan.steps.is_empty());
        assert_eq!(plan.blocking().count(), 1, "{plan}");
    }
}

#[test]
fn an_index_that_goes_is_not_made_again_with_its_table() {
    let mut found = table("users", &[column("age", "INTEGER")]);
    found.indexes = vec![index("by_age", &["age"], false)];
    let found = made_with(
        found,
        "CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER NOT NULL) STRICT",
        &[("by_age", "CREATE INDEX by_age ON users (age)")],
    );
    let desired = table("users", &[nullable(column("age", "INTEGER"))]);
    let hints = Hints {
        tables: vec![TableHints {
            table: "users".into(),
            dropped_indexes: vec!["by_age".to_owned()],
            ..TableHints::default()
        }],
        ..Hints::default()
    };
    let plan = planned(&[desired], &[found], &hints, &Sqlite);
    assert!(!format!("{plan:#}").contains("CREATE INDEX"), "{plan:#}");
    assert_eq!(plan.steps.len(), 1);
}
