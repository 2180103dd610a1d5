use dataflow_core::ddl::{DriftCheck, Migrate, Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::plan::Policy;
use dataflow_core::schema::{Action, Check, FieldType, Relation, TableName};
use dataflow_core::{ModelSchema, SchemaSet};

use crate::models::{With, field, model, set};
use crate::setup::Setup;

/// A model whose table stands in a schema.
fn within(schema: &'static str, mut model: ModelSchema) -> ModelSchema {
    model.table.schema = Some(schema.into());
    model
}

fn points_at(mut model: ModelSchema, field: &'static str, table: TableName) -> ModelSchema {
    let relation = Relation {
        on_delete: Action::Cascade,
        ..Relation::new(field, table, "id")
    };
    model.relations.to_mut().push(relation);
    model
}

/// `orders` in two schemas and outside of both, alike in all their names, and lines that point from
/// one schema into another.
fn shop() -> Vec<ModelSchema> {
    let order = |name: &str| {
        let mut order = model(name)
            .with(field("price", FieldType::I64))
            .with_index(&["price"], true);
        order.table = "orders".into();
        order.comment = Some("what somebody wants".into());
        order.checks.to_mut().push(Check {
            field: Some("price".into()),
            ..Check::new("positive", "price > 0")
        });
        order
    };
    let line = within(
        "sales",
        model("Line").with(field("order_id", FieldType::I64)),
    );
    vec![
        order("Order"),
        within("sales", order("Sale")),
        within("Purchase & Co", order("Purchase")),
        points_at(
            line,
            "order_id",
            TableName::within("Purchase & Co", "orders"),
        ),
    ]
}

fn start(setup: &Setup, set: &SchemaSet, policy: Policy) -> Outcome {
    let options = SyncOptions {
        policy,
        drift_check: DriftCheck::Full,
        ..SyncOptions::default()
    };
    let ready = setup.executor().synchronize(set, &options);
    ready.unwrap_or_else(|error| panic!("{error:?}")).outcome()
}

#[test]
fn tables_of_one_name_in_several_schemas_are_several_tables() {
    let setup = Setup::postgres();
    let models = set(shop());
    let plan = setup.executor().plan(&models).unwrap();
    assert_eq!(
        plan.to_string(),
        "+ create schema \"sales\"\n\
         + create schema \"Purchase & Co\"\n\
         + create table \"orders\"\n\
         + create table \"sales.orders\"\n\
         + create table \"Purchase & Co.orders\"\n\
         + create table \"sales.lines\"\n\
         + comment on table \"orders\"\n\
         + comment on table \"sales.orders\"\n\
         + comment on table \"Purchase & Co.orders\"\n\
         + create unique index \"orders_price_key\" on table \"orders\"\n\
         + create unique index \"orders_price_key\" on table \"sales.orders\"\n\
         + create unique index \"orders_price_key\" on table \"Purchase & Co.orders\"\n"
    );
    let hash = plan.hash();
    assert!(matches!(
        start(&setup, &models, Policy::Approved(hash)),
        Outcome::Applied { .. }
    ));
    assert_eq!(start(&setup, &models, Policy::Safe), Outcome::Unchanged);
    assert!(setup.executor().plan(&models).unwrap().is_empty());

    setup.execute(
        "INSERT INTO orders (price) VALUES (1); INSERT INTO sales.orders (price) VALUES (1);
         INSERT INTO \"Purchase & Co\".orders (price) VALUES (1);
         INSERT INTO sales.lines (order_id) VALUES (1)",
    );
    let lines = || setup.number("SELECT count(*) FROM sales.lines");
    setup.execute("DELETE FROM sales.orders");
    assert_eq!(lines(), 1);
    setup.execute("DELETE FROM \"Purchase & Co\".orders");
    assert_eq!(lines(), 0);
}

#[test]
fn the_probe_sees_tables_of_every_schema() {
    let setup = Setup::postgres();
    setup.outcome(shop());
    assert_eq!(setup.outcome(shop()), Outcome::Unchanged);
    for drift in [
        "ALTER TABLE sales.orders ALTER COLUMN price DROP NOT NULL",
        "DROP INDEX \"Purchase & Co\".orders_price_key",
        "ALTER TABLE sales.lines DROP CONSTRAINT lines_order_id_fkey",
    ] {
        setup.execute(drift);
        let verified = SyncOptions {
            migrate: Migrate::Verify,
            ..SyncOptions::default()
        };
        let models = set(shop());
        let ready = setup.executor().synchronize(&models, &verified);
        let is_seen = ready.map_or(true, |ready| !ready.findings().is_empty());
        assert!(is_seen, "{drift}");
        start(&setup, &models, Policy::Full);
    }
    assert_eq!(setup.outcome(shop()), Outcome::Unchanged);
}

#[test]
fn a_table_with_rows_changes_in_its_schema() {
    let setup = Setup::postgres();
    start(&setup, &set(shop()), Policy::Safe);
    setup.execute(
        "INSERT INTO \"Purchase & Co\".orders (price) VALUES (1);
         INSERT INTO sales.orders (price) VALUES (2); INSERT INTO orders (price) VALUES (3)",
    );
    let mut models = shop();
    for order in &mut models[..3] {
        let mut weight = field("weight", FieldType::I64);
        weight.nullable = true;
        order.fields.to_mut().push(weight);
        order.fields.to_mut()[1].nullable = true;
        order.indexes.to_mut()[0].unique = false;
        order.evolution.dropped_indexes = vec!["orders_price_key".into()].into();
        order.checks.to_mut()[0].expression = "price > -1".into();
    }
    models[2] = points_at(
        models[2].clone(),
        "weight",
        TableName::within("sales", "orders"),
    );
    let models = set(models);
    start(&setup, &models, Policy::Full);
    assert_eq!(start(&setup, &models, Policy::Safe), Outcome::Unchanged);
    let plan = setup.executor().plan(&models).unwrap();
    assert!(plan.is_empty(), "{plan}");
}

#[test]
fn changes_of_tables_in_schemas_are_written_down_under_their_whole_names() {
    let setup = Setup::postgres();
    let models = set(shop()).change_feed(true);
    start(&setup, &models, Policy::Safe);
    assert_eq!(start(&setup, &models, Policy::Safe), Outcome::Unchanged);
    setup.execute(
        "INSERT INTO orders (price) VALUES (1); INSERT INTO sales.orders (price) VALUES (1);
         TRUNCATE sales.orders",
    );
    let told = setup.texts(
        "SELECT table_name || ' ' || verb FROM dataflow_changes ORDER BY transaction, position",
    );
    let told: Vec<String> = told.into_iter().flatten().collect();
    assert_eq!(
        told,
        [
            "orders create",
            "sales.orders create",
            "sales.orders delete"
        ]
    );

    start(&setup, &set(shop()).change_feed(false), Policy::Safe);
    let functions = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'dataflow\\_%'";
    assert_eq!(setup.number(functions), 0);
}

#[test]
fn a_table_moves_to_another_schema_and_back_with_its_rows() {
    let setup = Setup::postgres();
    let invoice = |schema: Option<&'static str>| {
        let mut invoice = model("Invoice")
            .with(field("number", FieldType::String))
            .with_index(&["number"], true);
        invoice.table.schema = schema.map(Into::into);
        invoice
    };
    let followed = |invoice| set([invoice]).change_feed(true);
    start(&setup, &followed(invoice(None)), Policy::Safe);
    setup.execute("INSERT INTO invoices (number) VALUES ('a')");

    let mut there = invoice(Some("billing"));
    there.evolution.moved_from = Some("public".into());
    let there = followed(there);
    let plan = setup.executor().plan(&there).unwrap();
    assert!(
        plan.to_string()
            .contains("rename table \"public.invoices\" to \"billing.invoices\""),
        "{plan}"
    );
    assert!(
        setup
            .executor()
            .synchronize(&there, &SyncOptions::default())
            .is_err(),
        "programs of before would fail"
    );
    start(&setup, &there, Policy::Full);
    assert_eq!(setup.number("SELECT count(*) FROM billing.invoices"), 1);
    assert_eq!(start(&setup, &there, Policy::Safe), Outcome::Unchanged);

    let mut back = invoice(None);
    back.evolution.moved_from = Some("billing".into());
    let back = followed(back);
    start(&setup, &back, Policy::Full);
    assert_eq!(start(&setup, &back, Policy::Safe), Outcome::Unchanged);
    setup.execute("INSERT INTO invoices (number) VALUES ('b')");
    assert_eq!(setup.number("SELECT count(*) FROM public.invoices"), 2);
    let left = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'dataflow\\_%' \
                AND pronamespace = 'billing'::regnamespace";
    assert_eq!(setup.number(left), 0);
}

#[test]
fn a_role_that_may_make_no_schema_is_told_so() {
    let setup = Setup::postgres();
    let role = format!("schemaless_{}", std::process::id());
    setup.execute(&format!(
        "CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}"
    ));
    let url = setup.url().replacen("postgres@", &format!("{role}@"), 1);
    let executor = dataflow_ddl_sync::SyncDDLExecutor::new(url.parse().unwrap());
    let error = executor
        .synchronize(&set(shop()), &SyncOptions::default())
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden);
    assert!(
        error.to_string().contains("permission denied for database"),
        "{error}"
    );
    assert!(error.help().unwrap().contains(&role));
    assert!(!setup.executor().table_exists("orders").unwrap());
    setup.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn sqlite_refuses_a_table_in_a_schema() {
    let error = Setup::sqlite().synchronize(shop()).unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert_eq!(error.details().len(), 3, "{error:?}");
    assert!(error.help().unwrap().contains("cfg_attr"));
}

/// It is dropped beside writers, which is after the table has moved.
#[test]
fn an_index_that_goes_while_its_table_moves_is_gone() {
    let setup = Setup::postgres();
    let order = model("Order").with(field("price", FieldType::I64));
    setup.outcome([order.clone().with_index(&["price"], false)]);
    setup.execute("INSERT INTO orders (price) VALUES (1)");
    let mut moved = within("sales", order);
    moved.evolution.moved_from = Some("public".into());
    moved.evolution.dropped_indexes = vec!["orders_price_idx".into()].into();
    let models = set([moved]);
    let applied = start(&setup, &models, Policy::Full);
    assert_eq!(applied, Outcome::Applied { steps: 3 });
    let left = "SELECT count(*) FROM pg_class WHERE relname = 'orders_price_idx'";
    assert_eq!(setup.number(left), 0);
    assert_eq!(start(&setup, &models, Policy::Full), Outcome::Unchanged);
}
