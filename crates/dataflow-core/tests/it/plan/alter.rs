use dataflow_core::dialect::{Dialect, Postgres, Sqlite};
use dataflow_core::plan::{Hints, Plan};
use dataflow_core::snapshot::{Column, Table};
use insta::assert_snapshot;

use super::tables::{
    column, foreign_key, index, made_with, nullable, table, with_default, with_rows,
};
use super::{check, planned};

fn plan_of(desired: &Table, found: &Table, dialect: &dyn Dialect) -> Plan {
    let slice = std::slice::from_ref;
    planned(slice(desired), slice(found), &Hints::default(), dialect)
}

/// A table whose statement SQLite keeps.
fn kept(columns: &[Column]) -> Table {
    let sql = "CREATE TABLE \"users\" (\"id\" bigint, \"a\" text)";
    made_with(table("users", columns), sql, &[])
}

#[test]
fn a_column_that_differs_is_changed() {
    let serial = Column {
        is_serial: true,
        ..column("a", "bigint")
    };
    let cases = [
        (
            column("a", "text"),
            column("a", "character varying(9)"),
            "+ change column \"a\" of table \"users\" from character varying(9) to text",
        ),
        (
            column("a", "text"),
            with_default(
                column("a", "character varying(9)"),
                "'x'::character varying",
            ),
            "+ change column \"a\" of table \"users\" from character varying(9) to text \
             (breaking, locks out everybody)",
        ),
        (
            column("a", "text"),
            column("a", "bigint"),
            "+ change column \"a\" of table \"users\" from bigint to text \
             (rewrite, locks out everybody)",
        ),
        (
            nullable(column("a", "text")),
            column("a", "text"),
            "+ let column \"a\" of table \"users\" take null",
        ),
        (
            column("a", "text"),
            nullable(column("a", "text")),
            "+ let column \"a\" of table \"users\" refuse null (breaking, locks out everybody)",
        ),
        (
            with_default(column("a", "text"), "'x'::text"),
            column("a", "text"),
            "+ give column \"a\" of table \"users\" the default 'x'::text",
        ),
        (
            column("a", "text"),
            with_default(column("a", "text"), "'x'::text"),
            "~ table \"users\", column \"a\": has a default that no version of the model declared, \
             and keeps it: 'x'::text",
        ),
        (
            serial,
            column("a", "bigint"),
            "! table \"users\", column \"a\": found a plain column, wanted one that the database \
             counts up",
        ),
    ];
    for (desired, found, expected) in cases {
        let (desired, found) = (table("users", &[desired]), table("users", &[found]));
        check(&[desired], &[found], &Postgres, expected);
    }
}

#[test]
fn what_a_change_does_to_a_table_with_rows_on_postgres() {
    let mut found = table(
        "users",
        &[
            column("size", "integer"),
            nullable(column("name", "text")),
            nullable(column("note", "text")),
            column("team_id", "bigint"),
        ],
    );
    let mut desired = table(
        "users",
        &[
            column("size", "bigint"),
            column("name", "text"),
            with_default(column("note", "text"), "''::text"),
            column("team_id", "bigint"),
            with_default(column("token", "uuid"), "gen_random_uuid()"),
            with_default(column("since", "timestamp with time zone"), "now()"),
        ],
    );
    desired.indexes = vec![index("users_name_key", &["name"], true)];
    desired.foreign_keys = vec![foreign_key("team_id", "teams")];
    found = with_rows(found, 1_000_000);
    assert_snapshot!(format!("{:#}", plan_of(&desired, &found, &Postgres)), @r#"
    + add column "token" to table "users" (scan, about 1000000 rows, locks out everybody, not in one transaction)
        ALTER TABLE "users" ADD COLUMN "token" uuid;
        ALTER TABLE "users" ALTER COLUMN "token" SET DEFAULT (gen_random_uuid());
        ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_token_not_null", ADD CONSTRAINT "users_token_not_null" CHECK (true) NOT VALID;
        -- in batches
        UPDATE "users" SET "token" = DEFAULT WHERE "token" IS NULL;
        -- in a transaction of its own
        ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_token_not_null", ADD CONSTRAINT "users_token_not_null" CHECK ("token" IS NOT NULL) NOT VALID;
        -- in a transaction of its own
        UPDATE "users" SET "token" = DEFAULT WHERE "token" IS NULL;
        -- in a transaction of its own
        ALTER TABLE "users" VALIDATE CONSTRAINT "users_token_not_null";
        -- in a transaction of its own
        ALTER TABLE "users" ALTER COLUMN "token" SET NOT NULL; ALTER TABLE "users" DROP CONSTRAINT "users_token_not_null";
    + add column "since" to table "users" (safe, about 1000000 rows, locks out everybody)
        ALTER TABLE "users" ADD COLUMN "since" timestamp with time zone NOT NULL DEFAULT (now());
    + change column "size" of table "users" from integer to bigint (rewrite, about 1000000 rows, locks out everybody)
        ALTER TABLE "users" ALTER COLUMN "size" DROP DEFAULT, ALTER COLUMN "size" TYPE bigint;
    + give column "note" of table "users" the default ''::text (safe, about 1000000 rows, locks out everybody)
        ALTER TABLE "users" ALTER COLUMN "note" SET DEFAULT ''::text;
    + let column "name" of table "users" refuse null (breaking, about 1000000 rows, locks out everybody, not in one transaction)
        -- first, must give no row
        SELECT 1 FROM "users" WHERE "name" IS NULL LIMIT 1;
        ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_name_not_null", ADD CONSTRAINT "users_name_not_null" CHECK ("name" IS NOT NULL) NOT VALID;
        -- in a transaction of its own
        ALTER TABLE "users" VALIDATE CONSTRAINT "users_name_not_null";
        -- in a transaction of its own
        ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL; ALTER TABLE "users" DROP CONSTRAINT "users_name_not_null";
    + let column "note" of table "users" refuse null (breaking, about 1000000 rows, locks out everybody, not in one transaction)
        ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_note_not_null", ADD CONSTRAINT "users_note_not_null" CHECK (true) NOT VALID;
        -- in batches
        UPDATE "users" SET "note" = DEFAULT WHERE "note" IS NULL;
        -- in a transaction of its own
        ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_note_not_null", ADD CONSTRAINT "users_note_not_null" CHECK ("note" IS NOT NULL) NOT VALID;
        -- in a transaction of its own
        UPDATE "users" SET "note" = DEFAULT WHERE "note" IS NULL;
        -- in a transaction of its own
        ALTER TABLE "users" VALIDATE CONSTRAINT "users_note_not_null";
        -- in a transaction of its own
        ALTER TABLE "users" ALTER COLUMN "note" SET NOT NULL; ALTER TABLE "users" DROP CONSTRAINT "users_note_not_null";
    + add foreign key from table "users", column "team_id" to table "teams" (scan, about 1000000 rows, locks out writers, not in one transaction)
        -- first, must give no row
        SELECT 1 FROM "users" child WHERE child."team_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "teams" parent WHERE parent."id" = child."team_id") LIMIT 1;
        ALTER TABLE "users" ADD CONSTRAINT "any" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") NOT VALID;
        -- in a transaction of its own
        ALTER TABLE "users" VALIDATE CONSTRAINT "any";
    + create unique index "users_name_key" on table "users" (scan, about 1000000 rows, locks out schema changes, not in one transaction)
        -- first, must give no row
        SELECT 1 FROM "users" WHERE "name" IS NOT NULL GROUP BY "name" HAVING count(*) > 1 LIMIT 1;
        -- in no transaction
        CREATE UNIQUE INDEX CONCURRENTLY "users_name_key" ON "users" ("name");
    "#);
}

#[test]
fn a_missing_column_is_added_unless_nothing_fills_it_in() {
    let now = "strftime('%Y', 'now')";
    let cases = [
        (nullable(column("a", "text")), true),
        (with_default(column("a", "text"), "'x'::text"), true),
        (with_default(column("a", "bigint"), "-1"), true),
        (with_default(column("a", "text"), now), true),
        (column("a", "text"), false),
    ];
    for (added, is_added) in cases {
        for dialect in [&Postgres as &dyn Dialect, &Sqlite] {
            let desired = table("users", std::slice::from_ref(&added));
            let empty = kept(&[]);
            let plan = plan_of(&desired, &empty, dialect);
            assert_eq!((plan.steps.len(), plan.findings.len()), (1, 0), "{added:?}");
            let plan = plan_of(&desired, &with_rows(empty, 1), dialect);
            assert_eq!(plan.steps.len(), usize::from(is_added), "{added:?}");
            let blocking: Vec<_> = plan.blocking().map(ToString::to_string).collect();
            let refusal = "table \"users\", column \"a\": cannot be added: every row must fill it, \
                           and the table has rows";
            assert_eq!(blocking.is_empty(), is_added, "{added:?}");
            assert!(blocking.iter().all(|line| line == refusal), "{blocking:?}");
        }
    }
}

#[test]
fn a_missing_foreign_key_is_added_to_a_table_that_exists() {
    let mut desired = table("posts", &[column("author_id", "bigint")]);
    desired.foreign_keys = vec![foreign_key("author_id", "users")];
    let sql = "CREATE TABLE posts (id bigint, author_id bigint)";
    let found = made_with(table("posts", &[column("author_id", "bigint")]), sql, &[]);
    let users = table("users", &[]);
    let tables = [users.clone(), desired];
    let found = [users, found];
    let words = "add foreign key from table \"posts\", column \"author_id\" to table \"users\"";
    check(&tables, &found, &Postgres, &format!("+ {words}"));
    check(
        &tables,
        &found,
        &Sqlite,
        &format!("+ write table \"posts\" anew: {words}"),
    );
}

#[test]
fn what_an_interrupted_attempt_left_is_finished() {
    let mut desired = table("posts", &[column("author_id", "bigint")]);
    desired.foreign_keys = vec![foreign_key("author_id", "users")];
    desired.indexes = vec![index("posts_author_id_idx", &["author_id"], false)];
    let mut found = with_rows(desired.clone(), 10);
    found.indexes.clear();
    found.existing.unfinished = vec!["any".to_owned(), "posts_author_id_idx".to_owned()];
    let users = table("users", &[]);
    let plan = planned(
        &[users.clone(), desired],
        &[users, found],
        &Hints::default(),
        &Postgres,
    );
    assert_snapshot!(format!("{plan:#}"), @r#"
    + validate constraint "any" of table "posts" (scan, about 10 rows, locks out schema changes, not in one transaction)
        -- in a transaction of its own
        ALTER TABLE "posts" VALIDATE CONSTRAINT "any";
    + create index "posts_author_id_idx" on table "posts" (scan, about 10 rows, locks out schema changes, not in one transaction)
        -- in no transaction
        DROP INDEX CONCURRENTLY IF EXISTS "posts_author_id_idx";
        -- in no transaction
        CREATE INDEX CONCURRENTLY "posts_author_id_idx" ON "posts" ("author_id");
    "#);
}
