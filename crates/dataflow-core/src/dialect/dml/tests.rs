#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::json;

use super::*;
use crate::dialect::{Postgres, Sqlite};
use crate::error::Kind;
use crate::query::{IsNull, Listing, Start};
use crate::schema::{FieldType, Model as _, SchemaSet};

/// One field of each kind that the dialects spell differently.
#[derive(crate::Model)]
#[model(table = "order")]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    code: String,
    total: rust_decimal::Decimal,
    note: Option<serde_json::Value>,
}

const ALWAYS: Assignment = Assignment {
    position: 1,
    effect: Effect::Set,
    is_optional: false,
};
const SOMETIMES: Assignment = Assignment {
    position: 2,
    effect: Effect::Set,
    is_optional: true,
};

fn filter(json: serde_json::Value) -> Filter {
    let object = json.as_object().unwrap();
    Filter::parse(&SchemaSet::new(), Order::schema(), object).unwrap()
}

fn by_key() -> Listing {
    Listing::of_rows(Order::schema(), &[])
}

fn after_key() -> Listing {
    by_key().starting(Start::After(vec![IsNull::No]))
}

#[track_caller]
fn check(dialect: &dyn Dialect, found: &Statement, expected: &str) {
    assert_eq!(&**found.sql(), expected);
    let bound = (1..=20).filter(|ordinal| {
        let parameter = dialect.parameter(*ordinal, &FieldType::I64);
        expected
            .split([' ', ',', '(', ')', ':'])
            .any(|word| word == parameter)
    });
    assert_eq!(bound.count(), found.parameters().len(), "{expected}");
}

#[test]
fn every_statement_of_a_model_on_postgres() {
    let model = Order::schema();
    let all = r#""id", "code", "total"::text, "note""#;
    let cases = [
        (
            insert(model, &Postgres, &[1, 2]),
            format!(r#"INSERT INTO "order" ("code", "total") VALUES ($1, $2) RETURNING {all}"#),
        ),
        (
            insert(model, &Postgres, &[]),
            format!(r#"INSERT INTO "order" DEFAULT VALUES RETURNING {all}"#),
        ),
        (
            upsert(model, &Postgres, &[1, 2], &[1], &[]),
            format!(
                r#"INSERT INTO "order" ("code", "total") VALUES ($1, $2) ON CONFLICT ("code") DO UPDATE SET "code" = excluded."code" RETURNING {all}, xmax = 0"#
            ),
        ),
        (
            upsert(model, &Postgres, &[0, 1, 2], &[0], &[ALWAYS, SOMETIMES]),
            format!(
                r#"INSERT INTO "order" ("id", "code", "total") VALUES ($1, $2, $3) ON CONFLICT ("id") DO UPDATE SET "code" = excluded."code", "total" = CASE WHEN $4 THEN excluded."total" ELSE "order"."total" END RETURNING {all}, xmax = 0, CASE WHEN "id" > coalesce(pg_sequence_last_value((SELECT pg_get_serial_sequence('"order"', 'id')::regclass)), 0) THEN setval((SELECT pg_get_serial_sequence('"order"', 'id')::regclass), "id") END"#
            ),
        ),
        (
            select_by_key(model, &Postgres),
            format!(r#"SELECT {all} FROM "order" WHERE "id" = $1"#),
        ),
        (
            update(model, &Postgres, &[ALWAYS, SOMETIMES], Version::Any),
            format!(
                r#"UPDATE "order" SET "code" = $1, "total" = CASE WHEN $2 THEN $3 ELSE "order"."total" END WHERE "id" = $4 RETURNING {all}"#
            ),
        ),
        (
            delete(model, &Postgres, Version::Any),
            r#"DELETE FROM "order" WHERE "id" = $1"#.to_owned(),
        ),
        (
            list(model, &Postgres, &Filter::all(), &by_key()).unwrap(),
            format!(r#"SELECT {all} FROM "order" ORDER BY "id" LIMIT $1"#),
        ),
        (
            list(model, &Postgres, &filter(json!({"total": {"$gte": "1.5"}, "note": null})), &after_key()).unwrap(),
            format!(
                r#"SELECT {all} FROM "order" WHERE "total" >= $1 AND "note" IS NULL AND "id" > $2 ORDER BY "id" LIMIT $3"#
            ),
        ),
        (
            count(model, &Postgres, &filter(json!({"code": {"$ne": "a"}, "id": {"$in": []}}))).unwrap(),
            r#"SELECT count(*) FROM "order" WHERE "code" IS DISTINCT FROM $1 AND "id" = ANY (ARRAY(SELECT item::bigint FROM jsonb_array_elements_text($2) AS items (item)))"#.to_owned(),
        ),
        (
            delete_where(model, &Postgres, &filter(json!({"note": {"$null": false}}))).unwrap(),
            r#"DELETE FROM "order" WHERE "note" IS NOT NULL"#.to_owned(),
        ),
    ];
    for (found, expected) in &cases {
        check(&Postgres, found, expected);
    }
}

#[test]
fn every_statement_of_a_model_on_sqlite() {
    let model = Order::schema();
    let all = r#""id", "code", "total", "note""#;
    let cases = [
        (
            insert(model, &Sqlite, &[1, 2]),
            format!(r#"INSERT INTO "order" ("code", "total") VALUES (?1, ?2) RETURNING {all}"#),
        ),
        (
            upsert(model, &Sqlite, &[0, 1, 2], &[0], &[ALWAYS, SOMETIMES]),
            format!(
                r#"INSERT INTO "order" ("id", "code", "total") VALUES (?1, ?2, ?3) ON CONFLICT ("id") DO UPDATE SET "code" = excluded."code", "total" = CASE WHEN ?4 THEN excluded."total" ELSE "order"."total" END WHERE dataflow_mark_change() RETURNING {all}, dataflow_is_new()"#
            ),
        ),
        (
            update(model, &Sqlite, &[SOMETIMES], Version::Any),
            format!(
                r#"UPDATE "order" SET "total" = CASE WHEN ?1 THEN ?2 ELSE "order"."total" END WHERE "id" = ?3 RETURNING {all}"#
            ),
        ),
        (
            list(model, &Sqlite, &filter(json!({"code": "a"})), &after_key()).unwrap(),
            format!(
                r#"SELECT {all} FROM "order" WHERE "code" = ?1 AND "id" > ?2 ORDER BY "id" LIMIT ?3"#
            ),
        ),
        (
            count(model, &Sqlite, &filter(json!({"id": {"$in": [1, 2]}}))).unwrap(),
            r#"SELECT count(*) FROM "order" WHERE "id" IN (SELECT value FROM json_each(?1))"#
                .to_owned(),
        ),
    ];
    for (found, expected) in &cases {
        check(&Sqlite, found, expected);
    }
}

#[test]
fn sqlite_refuses_comparisons_that_its_text_would_answer_wrongly() {
    let refused = [json!({"total": {"$gt": "9"}}), json!({"note": {"a": 1}})];
    for wanted in refused {
        let error = count(Order::schema(), &Sqlite, &filter(wanted)).unwrap_err();
        assert_eq!(error.kind(), Kind::Unsupported);
        assert!(error.to_string().contains("sqlite"), "{error}");
    }
    let equal = count(Order::schema(), &Sqlite, &filter(json!({"total": "1.50"}))).unwrap();
    assert!(equal.sql().contains("rtrim"), "{}", equal.sql());
    assert!(count(Order::schema(), &Sqlite, &filter(json!({"note": null}))).is_ok());
}

#[test]
fn what_finds_its_row_by_a_key_is_of_one_row() {
    let model = Order::schema();
    let one = [
        select_by_key(model, &Postgres),
        locking(&Postgres, &select_by_key(model, &Postgres), IfLocked::Skip),
        insert(model, &Postgres, &[1]),
        upsert(model, &Postgres, &[0, 1], &[0], &[ALWAYS]),
        update(model, &Postgres, &[ALWAYS], Version::Any),
    ];
    let any = [
        list(model, &Postgres, &Filter::all(), &by_key()).unwrap(),
        update_where(model, &Postgres, &[ALWAYS], &Filter::all()).unwrap(),
        delete_where(model, &Postgres, &Filter::all()).unwrap(),
        // It gives no row.
        delete(model, &Postgres, Version::Any),
    ];
    let cases = one.map(|one| (one, true)).into_iter();
    for (statement, expected) in cases.chain(any.map(|any| (any, false))) {
        assert_eq!(statement.is_of_one_row(), expected, "{}", statement.sql());
    }
}
