use dataflow_core::dialect::{Dialect, Postgres, Sqlite};
use dataflow_core::plan::{Hints, Plan, plan};
use dataflow_core::snapshot::{DatabaseSnapshot, Index, Table};
use tables::{column, foreign_key, index, nullable, table, with_default};

/// Another type, nullability or default; new columns and constraints, and what they cost.
mod alter;
/// Types of named values, which are there beside the tables.
mod enum_type;
/// What only a person knows.
mod hints;
/// The way from one schema to another, whatever either holds.
mod likeness;
/// Which steps are made without asking.
mod policy;
/// Tables written anew.
mod rebuild;
mod tables;

/// Plans the way from one set of tables to another and compares the words.
fn check(desired: &[Table], found: &[Table], dialect: &dyn Dialect, expected: &str) {
    let plan = planned(desired, found, &Hints::default(), dialect);
    assert_eq!(plan.to_string().trim_end(), expected);
}

fn planned(desired: &[Table], found: &[Table], hints: &Hints, dialect: &dyn Dialect) -> Plan {
    let desired = DatabaseSnapshot {
        tables: desired.to_vec(),
        ..DatabaseSnapshot::default()
    };
    let found = DatabaseSnapshot {
        tables: found.to_vec(),
        ..DatabaseSnapshot::default()
    };
    plan(&desired, &found, hints, dialect)
}

#[test]
fn equal_tables_need_nothing() {
    let users = [table("users", &[column("name", "text")])];
    check(&users, &users, &Postgres, "");
    check(&[], &users, &Postgres, "");
}

#[test]
fn indexes_are_made_after_all_tables() {
    let mut users = table("users", &[column("email", "text")]);
    users.indexes = vec![index("users_email_key", &["email"], true)];
    let posts = table("posts", &[]);
    check(
        &[users, posts],
        &[],
        &Postgres,
        "+ create table \"users\"\n\
         + create table \"posts\"\n\
         + create unique index \"users_email_key\" on table \"users\"",
    );
}

#[test]
fn tables_that_point_at_each_other_get_the_second_key_later() {
    let mut left = table("lefts", &[column("right_id", "bigint")]);
    left.foreign_keys = vec![foreign_key("right_id", "rights")];
    let mut right = table("rights", &[column("left_id", "bigint")]);
    right.foreign_keys = vec![foreign_key("left_id", "lefts")];
    let both = [left, right];
    check(
        &both,
        &[],
        &Postgres,
        "+ create table \"lefts\"\n\
         + create table \"rights\"\n\
         + add foreign key from table \"lefts\", column \"right_id\" to table \"rights\"",
    );
    check(
        &both,
        &[],
        &Sqlite,
        "+ create table \"lefts\"\n+ create table \"rights\"",
    );
}

#[test]
fn a_table_that_points_at_itself_is_created_whole() {
    let mut node = table("nodes", &[nullable(column("parent_id", "bigint"))]);
    node.foreign_keys = vec![foreign_key("parent_id", "nodes")];
    check(&[node], &[], &Postgres, "+ create table \"nodes\"");
}

#[test]
fn what_is_not_declared_is_reported_and_never_dropped() {
    let found = table(
        "users",
        &[
            nullable(column("note", "text")),
            with_default(column("level", "bigint"), "1"),
            column("badge", "text"),
        ],
    );
    check(
        &[table("users", &[])],
        &[found, table("others", &[])],
        &Postgres,
        "~ table \"users\", column \"note\": is not declared by the model\n\
         ~ table \"users\", column \"level\": is not declared by the model\n\
         ! table \"users\", column \"badge\": is not declared by the model, yet refuses null and \
         has no default",
    );
}

#[test]
fn another_primary_key_is_found() {
    let mut found = table("users", &[]);
    found.primary_key = vec!["email".to_owned()];
    check(
        &[table("users", &[])],
        &[found],
        &Postgres,
        "! table \"users\": found primary key (email), wanted (id)",
    );
}

#[test]
fn an_index_is_known_by_what_it_covers() {
    let mut desired = table("users", &[column("email", "text")]);
    desired.indexes = vec![index("users_email_idx", &["email"], false)];
    let missing = "+ create index \"users_email_idx\" on table \"users\"";
    let cases = [
        (index("other_name", &["email"], false), ""),
        (index("unique_serves", &["email"], true), ""),
        (index("wider", &["email", "id"], false), missing),
        (
            Index {
                predicate: Some("id > 5".to_owned()),
                ..index("partial", &["email"], false)
            },
            missing,
        ),
    ];
    for (found, expected) in cases {
        let mut table = table("users", &[column("email", "text")]);
        table.indexes = vec![found];
        check(
            std::slice::from_ref(&desired),
            &[table],
            &Postgres,
            expected,
        );
    }
}

#[test]
fn an_index_of_the_same_name_that_covers_something_else_is_found() {
    let with = |index| Table {
        indexes: vec![index],
        ..table("users", &[column("email", "text")])
    };
    let cases = [
        (
            index("by_email", &["email"], false),
            "~ table \"users\": found index \"by_email\" as (\"id\"), wanted (\"email\")",
        ),
        (
            index("by_email", &["email"], true),
            "! table \"users\": found index \"by_email\" as (\"id\"), wanted UNIQUE (\"email\")",
        ),
    ];
    for (desired, expected) in cases {
        let found = with(index("by_email", &["id"], false));
        check(&[with(desired)], &[found], &Postgres, expected);
    }
}
