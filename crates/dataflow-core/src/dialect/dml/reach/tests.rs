#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::dialect::dml::{
    Assignment, Statement, Version, count, delete, delete_where, insert, purge, select_by_key,
    update, update_many, upsert, upsert_many,
};
use crate::dialect::{Dialect, Postgres};
use crate::query::{Effect, Filter};
use crate::schema::Model as _;
use crate::value::{Timestamp, Value};

#[derive(crate::Model)]
struct Note {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(tenant)]
    team: String,
    #[model(unique)]
    title: String,
    #[model(soft_delete, column = "gone")]
    deleted_at: Option<Timestamp>,
}

const TITLE: Assignment = Assignment {
    position: 2,
    effect: Effect::Set,
    is_optional: false,
};

const ALL: &str = r#""id", "team", "title", "gone""#;

fn reaching(deleted: Deleted, tenants: Tenants) -> View<'static> {
    View {
        model: Note::schema(),
        reach: Reach { deleted, tenants },
    }
}

#[track_caller]
fn check(found: &Statement, expected: &str, tenant_at: Option<usize>) {
    assert_eq!(&**found.sql(), expected);
    assert_eq!(found.tenant_at(), tenant_at, "{expected}");
}

#[test]
fn every_statement_reaches_rows_of_one_tenant_that_were_not_deleted() {
    let (model, dialect) = (Note::schema(), &Postgres as &dyn Dialect);
    check(
        &select_by_key(model, dialect),
        &format!(r#"SELECT {ALL} FROM "notes" WHERE "id" = $1 AND "gone" IS NULL AND "team" = $2"#),
        Some(1),
    );
    check(
        &update(model, dialect, &[TITLE], Version::Any),
        &format!(
            r#"UPDATE "notes" SET "title" = $1 WHERE "id" = $2 AND "gone" IS NULL AND "team" = $3 RETURNING {ALL}"#
        ),
        Some(2),
    );
    check(
        &delete(model, dialect, Version::Any),
        r#"UPDATE "notes" SET "gone" = $1 WHERE "id" = $2 AND "gone" IS NULL AND "team" = $3"#,
        Some(2),
    );
    let filter = Filter::all().and_equal(model, "title", Value::Text("a".to_owned()));
    let filter = filter.unwrap();
    check(
        &delete_where(model, dialect, &filter).unwrap(),
        r#"UPDATE "notes" SET "gone" = $1 WHERE "title" = $2 AND "gone" IS NULL AND "team" = $3"#,
        Some(2),
    );
    check(
        &count(model, dialect, &Filter::all()).unwrap(),
        r#"SELECT count(*) FROM "notes" WHERE "gone" IS NULL AND "team" = $1"#,
        Some(0),
    );
    // A new row holds its tenant among its values.
    check(
        &insert(model, dialect, &[0, 1, 2, 3]),
        &format!(
            r#"INSERT INTO "notes" ("id", "team", "title", "gone") VALUES ($1, $2, $3, $4) RETURNING {ALL}"#
        ),
        None,
    );
}

#[test]
fn an_upsert_changes_no_row_that_is_out_of_reach() {
    let (model, dialect) = (Note::schema(), &Postgres as &dyn Dialect);
    let guard = r#"WHERE "notes"."gone" IS NULL AND "notes"."team" = excluded."team""#;
    let new = r#"INSERT INTO "notes" ("id", "team", "title") VALUES ($1, $2, $3)"#;
    let change = r#"DO UPDATE SET "title" = excluded."title""#;
    check(
        &upsert(model, dialect, &[0, 1, 2], &[0], &[TITLE]),
        &format!(r#"{new} ON CONFLICT ("id") {change} {guard} RETURNING {ALL}, xmax = 0"#),
        None,
    );
    check(
        &upsert(model, dialect, &[0, 1, 2], &[2], &[TITLE]),
        &format!(
            r#"{new} ON CONFLICT ("team", "title") WHERE "gone" IS NULL {change} {guard} RETURNING {ALL}, xmax = 0"#
        ),
        None,
    );
    assert!(
        upsert_many(model, dialect, &[0, 1, 2], &[0], &[TITLE])
            .set
            .is_none()
    );
    assert!(
        upsert_many(model, dialect, &[0, 1, 2], &[2], &[TITLE])
            .set
            .is_some()
    );
}

#[test]
fn a_set_compares_the_tenant_that_each_member_brings() {
    let bulk = update_many(Note::schema(), &Postgres, &[TITLE], Version::Any);
    let set = bulk.set.unwrap();
    let condition = r#"WHERE "notes"."id" = given."dataflow 2"::bigint AND "gone" IS NULL AND "team" = given."dataflow 3"::text"#;
    assert!(set.sql.contains(condition), "{}", set.sql);
    assert_eq!(bulk.each.tenant_at(), Some(2));
}

#[test]
fn what_is_reached_can_be_said() {
    let dialect = &Postgres as &dyn Dialect;
    let conditions = |deleted, tenants| {
        let statement = count(reaching(deleted, tenants), dialect, &Filter::all()).unwrap();
        let (_, conditions) = statement.sql().split_once("\"notes\"").unwrap();
        conditions.to_owned()
    };
    let cases = [
        (Deleted::Included, Tenants::All, ""),
        (Deleted::Only, Tenants::All, " WHERE \"gone\" IS NOT NULL"),
        (Deleted::Included, Tenants::One, " WHERE \"team\" = $1"),
    ];
    for (deleted, tenants, expected) in cases {
        assert_eq!(conditions(deleted, tenants), expected);
    }
    check(
        &purge(reaching(Deleted::Included, Tenants::One), dialect),
        r#"DELETE FROM "notes" WHERE "id" = $1 AND "team" = $2"#,
        Some(1),
    );
}
