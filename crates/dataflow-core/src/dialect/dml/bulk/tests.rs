#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::dialect::{Postgres, Sqlite};
use crate::query::Effect;
use crate::schema::Model as _;

#[derive(crate::Model)]
#[model(table = "order")]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    code: String,
    total: rust_decimal::Decimal,
}

#[derive(crate::Model)]
struct Seat {
    #[model(primary_key)]
    hall: String,
    taken: bool,
    #[model(primary_key)]
    number: i64,
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

const ALL: &str = r#""id", "code", "total"::text"#;

#[track_caller]
fn check(bulk: &Bulk, expected: &str) {
    let set = bulk.set.as_ref().unwrap();
    assert_eq!(&*set.sql, expected);
    for ordinal in 1..=bulk.each.parameters().len() {
        assert!(set.sql.contains(&format!("${ordinal}::")), "{expected}");
    }
}

#[test]
fn postgres_takes_an_array_for_each_parameter() {
    let model = Order::schema();
    check(
        &insert_many(model, &Postgres, &[1, 2]),
        &format!(
            "INSERT INTO \"order\" (\"code\", \"total\") \
             SELECT given.\"dataflow 1\"::text, given.\"dataflow 2\"::numeric \
             FROM unnest($1::text[], $2::numeric[]) AS given (\"dataflow 1\", \"dataflow 2\") \
             RETURNING {ALL}"
        ),
    );
    check(
        &upsert_many(model, &Postgres, &[1], &[1], &[]),
        &format!(
            "INSERT INTO \"order\" (\"code\") SELECT given.\"dataflow 1\"::text \
             FROM unnest($1::text[]) AS given (\"dataflow 1\") \
             ON CONFLICT (\"code\") DO UPDATE SET \"code\" = excluded.\"code\" RETURNING {ALL}, xmax = 0"
        ),
    );
    check(
        &update_many(model, &Postgres, &[ALWAYS, SOMETIMES], Version::Any),
        &format!(
            "UPDATE \"order\" SET \"code\" = given.\"dataflow 1\"::text, \
             \"total\" = CASE WHEN given.\"dataflow 2\"::boolean \
             THEN given.\"dataflow 3\"::numeric ELSE \"order\".\"total\" END \
             FROM unnest($1::text[], $2::boolean[], $3::numeric[], $4::bigint[]) WITH ORDINALITY \
             AS given (\"dataflow 1\", \"dataflow 2\", \"dataflow 3\", \"dataflow 4\", \
             \"dataflow number\") \
             WHERE \"order\".\"id\" = given.\"dataflow 4\"::bigint \
             RETURNING {ALL}, given.\"dataflow number\""
        ),
    );
}

#[test]
fn rows_are_found_by_all_fields_of_their_keys() {
    let model = Seat::schema();
    let is_row = "\"seats\".\"hall\" = given.\"dataflow 1\"::text \
                  AND \"seats\".\"number\" = given.\"dataflow 2\"::bigint";
    check(
        &delete_many(model, &Postgres),
        &format!(
            "DELETE FROM \"seats\" USING unnest($1::text[], $2::bigint[]) \
             AS given (\"dataflow 1\", \"dataflow 2\") WHERE {is_row}"
        ),
    );
    let update = update_many(model, &Postgres, &[ALWAYS], Version::Any)
        .set
        .unwrap();
    let is_row = is_row.replace("dataflow 2", "dataflow 3");
    let is_row = is_row.replace("dataflow 1", "dataflow 2");
    assert!(
        update.sql.contains(&format!("WHERE {is_row} ")),
        "{update:?}"
    );
    assert_eq!(
        &**delete_many(model, &Sqlite).each.sql(),
        "DELETE FROM \"seats\" WHERE \"hall\" = ?1 AND \"number\" = ?2"
    );
}

#[test]
fn rows_that_are_not_given_back_are_copied_where_the_database_can() {
    let model = Order::schema();
    let bulk = load(model, &Postgres, &[1, 2]);
    let copy = "COPY \"order\" (\"code\", \"total\") FROM STDIN";
    assert_eq!(bulk.copy.as_deref(), Some(copy));
    let insert = "INSERT INTO \"order\" (\"code\") VALUES (?1)";
    let bulk = load(model, &Sqlite, &[1]);
    assert_eq!((&**bulk.each.sql(), bulk.copy), (insert, None));
}

#[test]
fn what_cannot_be_said_for_all_is_said_for_each() {
    let model = Order::schema();
    let cases = [
        insert_many(model, &Sqlite, &[1, 2]),
        update_many(model, &Sqlite, &[ALWAYS], Version::Any),
        upsert_many(model, &Sqlite, &[1], &[1], &[]),
        insert_many(model, &Postgres, &[]),
        upsert_many(model, &Postgres, &[1, 2], &[1], &[SOMETIMES]),
    ];
    for bulk in cases {
        assert_eq!(bulk.set, None, "{}", bulk.each.sql());
    }
}
