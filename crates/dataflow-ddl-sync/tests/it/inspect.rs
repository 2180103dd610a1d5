use dataflow_core::schema::{FieldType, KeyGenerator};

use crate::models::{With, field, model, set};
use crate::setup::Setup;

/// A table made by hand, and the index that `Item` wants on it, in ways that serve and do not.
#[test]
fn an_index_serves_by_what_it_covers_not_by_its_name() {
    let item = || {
        let mut item = model("Item")
            .with(field("code", FieldType::String))
            .with_index(&["code"], true);
        item.key.generator = KeyGenerator::None;
        item
    };
    let on_both = [
        ("CREATE UNIQUE INDEX by_hand ON items (code)", true),
        ("CREATE INDEX by_hand ON items (code)", false),
        ("CREATE UNIQUE INDEX by_hand ON items (code, id)", false),
        ("CREATE UNIQUE INDEX by_hand ON items (id, code)", false),
        ("CREATE UNIQUE INDEX by_hand ON items (lower(code))", false),
        (
            "CREATE UNIQUE INDEX by_hand ON items (lower(code), code)",
            false,
        ),
        (
            "CREATE UNIQUE INDEX by_hand ON items (code) WHERE id > 5",
            false,
        ),
    ];
    let on_postgres = [
        ("ALTER TABLE items ADD UNIQUE (code)", true),
        (
            "CREATE UNIQUE INDEX by_hand ON items (code) INCLUDE (id)",
            true,
        ),
        ("ALTER TABLE items ADD UNIQUE (code) DEFERRABLE", false),
        ("CREATE INDEX by_hand ON items USING hash (code)", false),
        (
            "CREATE UNIQUE INDEX by_hand ON items (code); \
             UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_hand'::regclass",
            false,
        ),
    ];
    let check = |setup: &Setup, sql: &str, serves: bool| {
        setup.execute("CREATE TABLE items (id bigint NOT NULL PRIMARY KEY, code text NOT NULL)");
        setup.execute(sql);
        let plan = setup.executor().plan(&set([item()])).unwrap().to_string();
        assert_eq!(!plan.contains("index"), serves, "{sql}: {plan}");
    };
    for (sql, serves) in on_both {
        for setup in Setup::both() {
            check(&setup, sql, serves);
        }
    }
    for (sql, serves) in on_postgres {
        check(&Setup::postgres(), sql, serves);
    }
}

#[test]
fn foreign_keys_of_several_columns_or_of_other_schemas_are_none_of_ours() {
    let models = || {
        set([
            model("Order"),
            model("Line")
                .with(field("order", FieldType::I64))
                .with(field("part", FieldType::I64))
                .with_relation("order", "orders"),
        ])
    };
    for setup in Setup::both() {
        setup
            .execute("CREATE TABLE orders (id bigint PRIMARY KEY, part bigint, UNIQUE (id, part))");
        setup.execute(
            "CREATE TABLE lines (id bigint PRIMARY KEY, \"order\" bigint NOT NULL, \
             part bigint NOT NULL, \
             FOREIGN KEY (\"order\", part) REFERENCES orders (id, part))",
        );
        let plan = setup.executor().plan(&models()).unwrap().to_string();
        assert!(is_wanted(&plan), "{plan}");
    }

    let setup = Setup::postgres();
    setup.execute(
        "CREATE SCHEMA other; CREATE TABLE other.orders (id bigint PRIMARY KEY); \
         CREATE TABLE orders (id bigint PRIMARY KEY); \
         CREATE TABLE lines (id bigint PRIMARY KEY, part bigint NOT NULL, \
         \"order\" bigint NOT NULL REFERENCES other.orders)",
    );
    let plan = setup.executor().plan(&models()).unwrap().to_string();
    assert!(is_wanted(&plan), "{plan}");
}

/// PostgreSQL adds the foreign key; SQLite writes the table anew.
fn is_wanted(plan: &str) -> bool {
    plan.contains("add foreign key from table \"lines\", column \"order\" to table \"orders\"")
}

#[test]
fn a_foreign_key_that_names_no_column_points_at_the_key() {
    let models = || {
        set([
            model("Order"),
            model("Line")
                .with(field("order", FieldType::I64))
                .with_relation("order", "orders"),
        ])
    };
    for setup in Setup::both() {
        setup.execute("CREATE TABLE orders (id bigint PRIMARY KEY)");
        setup.execute(
            "CREATE TABLE lines (id bigint PRIMARY KEY, \
             \"order\" bigint NOT NULL REFERENCES orders)",
        );
        let plan = setup.executor().plan(&models()).unwrap().to_string();
        assert!(!is_wanted(&plan), "{plan}");
    }
}

#[test]
fn sqlite_finds_a_table_by_its_name_in_any_case() {
    let setup = Setup::sqlite();
    setup.execute("CREATE TABLE Items (id INTEGER PRIMARY KEY)");
    let plan = setup.executor().plan(&set([model("Item")])).unwrap();
    assert_eq!(plan.to_string(), "");
    assert!(setup.executor().table_exists("items").unwrap());
}
