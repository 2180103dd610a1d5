//! From one inventory to another.

use std::collections::HashMap;

use dataflow_core::dialect::Postgres;
use dataflow_core::inventory::{ColumnParts, Inventory, Item, ItemKind, Need, Whole};
use dataflow_core::plan::{Class, Learned, Plan, likeness};

fn item(kind: ItemKind, table: Option<&str>, name: &str, sql: &str) -> Item {
    Item {
        kind,
        table: table.map(ToOwned::to_owned),
        name: name.to_owned(),
        definition: sql.to_owned(),
        sql: sql.to_owned(),
        ..Item::default()
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
        ..Inventory::default()
    }
}

/// The plan from what is found to what is wanted, where table `a` holds so many rows.
fn plan(found: Vec<Item>, wanted: Vec<Item>, rows: u64) -> Plan {
    let learned = Learned {
        rows: HashMap::from([("a".into(), rows)]),
        ..Learned::default()
    };
    likeness(&inventory(wanted), &inventory(found), &learned, &Postgres)
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
        called("i", item(ItemKind::Index, Some("a"), "i", &sql))
    };
    let said = || {
        let sql = "COMMENT ON INDEX i IS 'x'";
        part_of("i", item(ItemKind::Comment, Some("a"), "INDEX \"i\"", sql))
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

/// A thing under the name that others in its inventory call it.
fn called(id: &str, item: Item) -> Item {
    Item {
        id: id.to_owned(),
        ..item
    }
}

fn part_of(of: &str, item: Item) -> Item {
    Item {
        of: of.to_owned(),
        ..item
    }
}

fn whole(whole: Whole, id: &str, sql: &str) -> Item {
    let made = item(
        ItemKind::Whole(whole),
        None,
        id,
        &format!("make {id} {sql}"),
    );
    Item {
        undo: format!("drop {id}"),
        shape: sql.to_owned(),
        ..called(id, made)
    }
}

/// A plan between two inventories in which the same things need each other.
fn plan_with_needs(found: Vec<Item>, wanted: Vec<Item>, needs: &[(&str, &str, bool)]) -> Plan {
    let need = |(dependent, needed, is_value): &(&str, &str, bool)| Need {
        dependent: (*dependent).to_owned(),
        needed: (*needed).to_owned(),
        is_value: *is_value,
    };
    let side = |items| Inventory {
        needs: needs.iter().map(need).collect(),
        ..inventory(items)
    };
    likeness(&side(wanted), &side(found), &Learned::default(), &Postgres)
}

#[test]
fn what_needs_another_is_made_after_it_and_goes_before_it() {
    let things = || {
        vec![
            whole(Whole::View, "upper", ""),
            whole(Whole::View, "lower", ""),
            whole(Whole::Function, "f", ""),
            called("a", table("a")),
            part_of("a", called("a.b", column("a", "b", "text"))),
        ]
    };
    let needs = [
        ("upper", "lower", false),
        ("lower", "a.b", false),
        ("f", "a", false),
        ("upper", "f", false),
    ];
    let made = plan_with_needs(vec![], things(), &needs);
    assert_eq!(
        statements(&made),
        [
            "CREATE TABLE \"a\" (\n  \"b\" text\n)",
            "make f ",
            "make lower ",
            "make upper ",
        ]
    );
    let gone = plan_with_needs(things(), vec![], &needs);
    assert_eq!(
        statements(&gone),
        ["drop upper", "drop lower", "drop f", "DROP TABLE \"a\""]
    );
    assert_eq!(gone.class(), Some(Class::Destructive));
}

#[test]
fn a_view_goes_and_comes_back_when_its_column_is_given_another_type() {
    let things = |column_type: &str| {
        vec![
            called("a", table("a")),
            part_of("a", called("a.b", column("a", "b", column_type))),
            whole(Whole::View, "v", ""),
            part_of("v", item(ItemKind::Comment, None, "VIEW v", "say")),
        ]
    };
    let plan = plan_with_needs(things("integer"), things("bigint"), &[("v", "a.b", false)]);
    assert_eq!(
        statements(&plan),
        [
            "drop v",
            "ALTER TABLE \"a\" ALTER COLUMN \"b\" TYPE bigint",
            "make v ",
            "say",
        ]
    );
}

#[test]
fn a_default_lets_go_of_a_function_that_is_made_anew() {
    let things = |shape: &str| {
        let parts = ColumnParts {
            column_type: "integer".to_owned(),
            default: "f()".to_owned(),
            ..ColumnParts::default()
        };
        vec![
            whole(Whole::Function, "f", shape),
            called("a", table("a")),
            part_of(
                "a",
                called("a.b", item(ItemKind::Column(parts), Some("a"), "b", "")),
            ),
        ]
    };
    let plan = plan_with_needs(things("x"), things("y"), &[("a.b", "f", true)]);
    assert_eq!(
        statements(&plan),
        [
            "ALTER TABLE \"a\" ALTER COLUMN \"b\" DROP DEFAULT",
            "drop f",
            "make f y",
            "ALTER TABLE \"a\" ALTER COLUMN \"b\" SET DEFAULT f()",
        ]
    );
}

#[test]
fn a_view_that_only_gains_columns_is_changed_in_place() {
    let view = |columns| vec![whole(Whole::View, "v", columns)];
    let plan = plan_with_needs(view("x\ny"), view("x\ny\nz"), &[]);
    assert_eq!(statements(&plan), ["make v x\ny\nz"]);
    let plan = plan_with_needs(view("x\ny"), view("x\nz"), &[]);
    assert_eq!(statements(&plan), ["drop v", "make v x\nz"]);
}

#[test]
fn what_no_statement_makes_is_named_and_blocks() {
    let view = |sql| item(ItemKind::Other("cast".to_owned()), None, "v", sql);
    let partitioned = || Item {
        beyond: "partitioned by RANGE (id)".to_owned(),
        ..table("p")
    };
    let cases = [
        (vec![], vec![view("1")], "cast \"v\" is only in the target"),
        (vec![view("1")], vec![], "cast \"v\" is not in the target"),
        (vec![view("1")], vec![view("2")], "cast \"v\" differs"),
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
