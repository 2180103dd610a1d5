use dataflow_core::dialect::{Capability, Dialect, Postgres, Sqlite};
use dataflow_core::plan::{Requirement, plan};
use dataflow_core::snapshot::{Column, DatabaseSnapshot, ForeignKey, Index, IndexMember, Table};

/// Plans the way from one set of tables to another and compares the words.
fn check(desired: &[Table], found: &[Table], capability: &Capability, expected: &str) {
    let desired = DatabaseSnapshot {
        tables: desired.to_vec(),
    };
    let found = DatabaseSnapshot {
        tables: found.to_vec(),
    };
    let plan = plan(&desired, &found, capability);
    assert_eq!(plan.to_string().trim_end(), expected);
}

fn postgres() -> &'static Capability {
    Postgres.capability()
}

fn table(name: &str, columns: &[Column]) -> Table {
    let mut all = vec![column("id", "bigint")];
    all.extend_from_slice(columns);
    Table {
        name: name.to_owned(),
        columns: all,
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    }
}

fn column(name: &str, column_type: &str) -> Column {
    Column {
        name: name.to_owned(),
        column_type: column_type.to_owned(),
        ..Column::default()
    }
}

fn nullable(column: Column) -> Column {
    Column {
        nullable: true,
        ..column
    }
}

fn with_default(column: Column, default: &str) -> Column {
    Column {
        default: Some(default.to_owned()),
        ..column
    }
}

fn index(name: &str, columns: &[&str], unique: bool) -> Index {
    Index {
        name: name.to_owned(),
        members: columns
            .iter()
            .map(|name| IndexMember::column(*name))
            .collect(),
        unique,
        ..Index::default()
    }
}

fn foreign_key(column: &str, table: &str) -> ForeignKey {
    ForeignKey {
        name: "any".to_owned(),
        column: column.to_owned(),
        referenced_table: table.to_owned(),
        referenced_column: "id".to_owned(),
    }
}

#[test]
fn equal_tables_need_nothing() {
    let users = [table("users", &[column("name", "text")])];
    check(&users, &users, postgres(), "");
    check(&[], &users, postgres(), "");
}

#[test]
fn indexes_are_made_after_all_tables() {
    let mut users = table("users", &[column("email", "text")]);
    users.indexes = vec![index("users_email_key", &["email"], true)];
    let posts = table("posts", &[]);
    check(
        &[users, posts],
        &[],
        postgres(),
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
        postgres(),
        "+ create table \"lefts\"\n\
         + create table \"rights\"\n\
         + add foreign key from table \"lefts\", column \"right_id\" to table \"rights\"",
    );
    check(
        &both,
        &[],
        Sqlite.capability(),
        "+ create table \"lefts\"\n+ create table \"rights\"",
    );
}

#[test]
fn a_table_that_points_at_itself_is_created_whole() {
    let mut node = table("nodes", &[nullable(column("parent_id", "bigint"))]);
    node.foreign_keys = vec![foreign_key("parent_id", "nodes")];
    check(&[node], &[], postgres(), "+ create table \"nodes\"");
}

#[test]
fn a_missing_column_is_added_and_says_what_it_requires() {
    let now = "strftime('%Y', 'now')";
    let cases = [
        (nullable(column("a", "text")), true, true),
        (column("a", "text"), false, false),
        (with_default(column("a", "text"), "'x'::text"), true, true),
        (with_default(column("a", "bigint"), "-1"), true, true),
        (with_default(column("a", "text"), now), true, false),
        (
            nullable(with_default(column("a", "text"), now)),
            true,
            false,
        ),
    ];
    for (added, safe_on_postgres, safe_on_sqlite) in cases {
        for (capability, is_safe) in [
            (Postgres.capability(), safe_on_postgres),
            (Sqlite.capability(), safe_on_sqlite),
        ] {
            let desired = DatabaseSnapshot {
                tables: vec![table("users", std::slice::from_ref(&added))],
            };
            let found = DatabaseSnapshot {
                tables: vec![table("users", &[])],
            };
            let plan = plan(&desired, &found, capability);
            assert_eq!(plan.steps.len(), 1, "{added:?}");
            assert_eq!(
                plan.steps[0].requires == Requirement::Nothing,
                is_safe,
                "{added:?}"
            );
        }
    }
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
        postgres(),
        "~ table \"users\", column \"note\": is not declared by the model\n\
         ~ table \"users\", column \"level\": is not declared by the model\n\
         ! table \"users\", column \"badge\": is not declared by the model, yet refuses null and \
         has no default",
    );
}

#[test]
fn a_column_that_differs_is_found() {
    let cases = [
        (
            column("a", "text"),
            column("a", "bigint"),
            "! table \"users\", column \"a\": found type bigint, wanted text",
        ),
        (
            nullable(column("a", "text")),
            column("a", "text"),
            "! table \"users\", column \"a\": found NOT NULL, wanted a column that takes null",
        ),
        (
            column("a", "text"),
            nullable(column("a", "text")),
            "~ table \"users\", column \"a\": found a column that takes null, wanted NOT NULL",
        ),
        (
            with_default(column("a", "text"), "'x'::text"),
            column("a", "text"),
            "~ table \"users\", column \"a\": found no default, wanted default 'x'::text",
        ),
        (
            Column {
                is_serial: true,
                ..column("a", "bigint")
            },
            column("a", "bigint"),
            "! table \"users\", column \"a\": found a plain column, wanted one that the database \
             counts up",
        ),
    ];
    for (desired, found, expected) in cases {
        check(
            &[table("users", &[desired])],
            &[table("users", &[found])],
            postgres(),
            expected,
        );
    }
}

#[test]
fn another_primary_key_is_found() {
    let mut found = table("users", &[]);
    found.primary_key = vec!["email".to_owned()];
    check(
        &[table("users", &[])],
        &[found],
        postgres(),
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
            postgres(),
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
        check(&[with(desired)], &[found], postgres(), expected);
    }
}

#[test]
fn a_missing_foreign_key_is_added_where_the_database_can() {
    let mut desired = table("posts", &[column("author_id", "bigint")]);
    desired.foreign_keys = vec![foreign_key("author_id", "users")];
    let found = table("posts", &[column("author_id", "bigint")]);
    let users = table("users", &[]);
    let tables = [users.clone(), desired];
    check(
        &tables,
        &[users.clone(), found.clone()],
        postgres(),
        "+ add foreign key from table \"posts\", column \"author_id\" to table \"users\"",
    );
    check(
        &tables,
        &[users, found],
        Sqlite.capability(),
        "~ table \"posts\", column \"author_id\": has no foreign key to table \"users\", and this \
         database cannot add one to a table that exists",
    );
}
