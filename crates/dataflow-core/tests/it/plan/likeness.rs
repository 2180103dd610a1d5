//! From one inventory to another.

use std::collections::HashMap;

use dataflow_core::dialect::Postgres;
use dataflow_core::inventory::{ColumnParts, Inventory, Item, ItemKind};
use dataflow_core::plan::{Class, Plan, likeness};

fn item(kind: ItemKind, table: Option<&str>, name: &str, sql: &str) -> Item {
    Item {
        kind,
        table: table.map(ToOwned::to_owned),
        name: name.to_owned(),
        definition: sql.to_owned(),
        sql: sql.to_owned(),
        beyond: String::new(),
    }
}

fn table(name: &str) -> Item {
    item(ItemKind::Table, None, name, "")
}

fn column(table: &str, name: &str, column_type: &str) -> Item {
    let parts = ColumnParts {
        column_type: column_type.to_owned(),
        ..ColumnParts::default()
    };
    item(ItemKind::Column(parts), Some(table), name, "")
}

fn inventory(items: impl IntoIterator<Item = Item>) -> Inventory {
    Inventory {
        dialect: "postgres",
        items: items.into_iter().collect(),
    }
}

/// The plan from what is found to what is wanted, where table `a` holds so many rows.
fn plan(found: Vec<Item>, wanted: Vec<Item>, rows: u64) -> Plan {
    let rows = HashMap::from([("a".to_owned(), rows)]);
    likeness(&inventory(wanted), &inventory(found), &rows, &Postgres)
}

fn statements(plan: &Plan) -> Vec<&str> {
    let statements = plan.steps.iter().flat_map(|step| &step.statements);
    statements.map(|statement| &*statement.sql).collect()
}

#[test]
fn what_is_alike_needs_no_step() {
    let items = || vec![table("a"), column("a", "id", "integer")];
    assert!(plan(items(), items(), 5).is_empty());
}

#[test]
fn what_ties_tables_goes_before_them_and_comes_after_them() {
    let key = |name: &str| item(ItemKind::Constraint, Some(name), "k", "PRIMARY KEY (id)");
    let reference = |from: &str, to: &str| {
        let sql = format!("FOREIGN KEY (id) REFERENCES {to}(id)");
        item(ItemKind::ForeignKey, Some(from), "f", &sql)
    };
    let two = |first: &str, second: &str| {
        vec![
            table(first),
            table(second),
            column(first, "id", "integer"),
            column(second, "id", "integer"),
            key(first),
            key(second),
            reference(first, second),
        ]
    };
    let plan = plan(two("a", "b"), two("c", "d"), 0);
    assert_eq!(
        statements(&plan),
        [
            "ALTER TABLE \"a\" DROP CONSTRAINT \"f\"",
            "DROP TABLE \"b\"",
            "DROP TABLE \"a\"",
            "CREATE TABLE \"c\" (\n  \"id\" integer\n)",
            "CREATE TABLE \"d\" (\n  \"id\" integer\n)",
            "ALTER TABLE \"c\" ADD CONSTRAINT \"k\" PRIMARY KEY (id)",
            "ALTER TABLE \"d\" ADD CONSTRAINT \"k\" PRIMARY KEY (id)",
            "ALTER TABLE \"c\" ADD CONSTRAINT \"f\" FOREIGN KEY (id) REFERENCES d(id)",
        ]
    );
    assert_eq!(plan.class(), Some(Class::Destructive));
}

#[test]
fn a_column_under_another_name_is_another_column() {
    let found = vec![table("a"), column("a", "old", "text")];
    let wanted = vec![table("a"), column("a", "new", "text")];
    let plan = plan(found, wanted, 1);
    assert_eq!(
        statements(&plan),
        [
            "ALTER TABLE \"a\" DROP COLUMN \"old\"",
            "ALTER TABLE \"a\" ADD COLUMN \"new\" text",
        ]
    );
    assert_eq!(plan.class(), Some(Class::Destructive));
}

#[test]
fn a_comment_is_said_again_when_its_thing_is_made_anew() {
    let index = |column: &str| {
        let sql = format!("CREATE INDEX i ON a USING btree ({column})");
        item(ItemKind::Index, Some("a"), "i", &sql)
    };
    let said = || {
        item(
            ItemKind::Comment,
            Some("a"),
            "INDEX \"i\"",
            "COMMENT ON INDEX i IS 'x'",
        )
    };
    let plan = plan(
        vec![table("a"), index("b"), said()],
        vec![table("a"), index("c"), said()],
        7,
    );
    assert_eq!(
        statements(&plan),
        [
            "DROP INDEX \"i\"",
            "CREATE INDEX CONCURRENTLY i ON a USING btree (c)",
            "COMMENT ON INDEX i IS 'x'",
        ]
    );
}

#[test]
fn what_no_statement_makes_is_named_and_blocks() {
    let view = |sql| item(ItemKind::Other("view".to_owned()), None, "v", sql);
    let partitioned = || Item {
        beyond: "partitioned by RANGE (id)".to_owned(),
        ..table("p")
    };
    let cases = [
        (vec![], vec![view("1")], "view \"v\" is only in the target"),
        (vec![view("1")], vec![], "view \"v\" is not in the target"),
        (vec![view("1")], vec![view("2")], "view \"v\" differs"),
        (
            vec![],
            vec![partitioned()],
            "table \"p\" (partitioned by RANGE (id))",
        ),
        (
            vec![table("p")],
            vec![partitioned()],
            "table \"p\" has nothing of the kind, in the target partitioned by RANGE (id)",
        ),
    ];
    for (found, wanted, message) in cases {
        let plan = plan(found, wanted, 0);
        assert!(plan.steps.is_empty(), "{plan}");
        let blocking: Vec<String> = plan.blocking().map(ToString::to_string).collect();
        assert!(blocking[0].starts_with(message), "{blocking:?}");
    }
}
