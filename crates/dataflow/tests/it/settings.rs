use dataflow::error::Kind;
use dataflow::node::Source as _;
use dataflow::{AutoMigrate, DataFlow, DriftCheck, Model, Policy};
use dataflow_core::ddl::Outcome;
use serde_json::json;

use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

mod build;
mod credentials;
mod ddl_url;
mod timeouts;

on_every_database! {
    auto_migrate_makes_tables_verifies_them_or_warns
    skip_migration_does_not_look
    skip_registry_makes_no_tables_of_its_own
    enable_model_persistence_keeps_models_in_the_registry
    drift_check_says_how_an_unchanged_schema_is_recognized
    migration_policy_says_which_changes_are_made
    open_works_in_a_runtime_and_open_async_awaits
}

async fn auto_migrate_makes_tables_verifies_them_or_warns(setup: Setup) {
    let builder = || setup.builder().model::<Country>();
    let error = builder().auto_migrate(false).open().err().unwrap();
    assert_eq!(error.kind(), Kind::Schema);
    let warned = builder().auto_migrate(AutoMigrate::Warn).open().unwrap();
    assert_eq!(warned.schema_ready().unwrap().outcome(), Outcome::Drifted);
    assert!(!setup.has_table("countries"));

    let opened = builder().auto_migrate(true).open().unwrap();
    let outcome = opened.schema_ready().unwrap().outcome();
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    assert!(setup.has_table("countries"));
    let verified = builder().auto_migrate(AutoMigrate::Off).open().unwrap();
    assert_eq!(
        verified.schema_ready().unwrap().outcome(),
        Outcome::Unchanged
    );
}

async fn skip_migration_does_not_look(setup: Setup) {
    let database = setup.library().skip_migration(true).open().unwrap();
    assert_eq!(
        database.schema_ready().unwrap().outcome(),
        Outcome::Unchecked
    );
    assert!(!setup.has_table("countries"));
}

async fn skip_registry_makes_no_tables_of_its_own(setup: Setup) {
    let builder = || setup.builder().model::<Country>();
    let database = builder().skip_registry(true).open().unwrap();
    assert!(setup.has_table("countries"));
    assert!(!setup.has_table("dataflow_model_registry"));
    assert_eq!(
        call(&database, "country_list", json!({})).await.unwrap(),
        json!([])
    );
    builder().open().unwrap();
    assert!(setup.has_table("dataflow_model_registry"));
}

async fn enable_model_persistence_keeps_models_in_the_registry(setup: Setup) {
    let builder = || {
        setup
            .builder()
            .model::<Country>()
            .drift_check(DriftCheck::Full)
    };
    builder().enable_model_persistence(false).open().unwrap();
    let count = "SELECT count(*) FROM dataflow_model_registry WHERE model = 'Country'";
    let is_kept =
        || setup.has_table("dataflow_model_registry") && setup.sql(count).as_deref() != Some("0");
    assert!(!is_kept());
    builder().open().unwrap();
    assert!(is_kept());
}

async fn drift_check_says_how_an_unchanged_schema_is_recognized(setup: Setup) {
    let builder = || setup.builder().model::<Country>();
    builder().open().unwrap();
    setup.sql("ALTER TABLE countries ADD COLUMN undeclared text");
    let findings = |drift_check| {
        let database = builder().drift_check(drift_check).open().unwrap();
        database.schema_ready().unwrap().findings().len()
    };
    assert_eq!(findings(DriftCheck::Fingerprint), 0);
    assert_eq!(findings(DriftCheck::Probe), 1);
    assert_eq!(findings(DriftCheck::Probe), 1, "it is told again");
    assert_eq!(findings(DriftCheck::Full), 1);
}

async fn open_works_in_a_runtime_and_open_async_awaits(setup: Setup) {
    let opened = setup.open();
    let awaited = setup.library().open_async().await.unwrap();
    for database in [opened, awaited] {
        assert_eq!(
            call(&database, "book_count", json!({})).await.unwrap(),
            json!({"count": 0})
        );
    }
}

#[tokio::test]
async fn a_database_in_memory_is_opened_too() {
    let database = DataFlow::builder("sqlite::memory:")
        .model::<Country>()
        .open()
        .unwrap();
    let italy = json!({"code": "it", "name": "Italy"});
    assert_eq!(
        call(&database, "country_create", italy.clone())
            .await
            .unwrap(),
        italy
    );
    assert_eq!(database.name(), "sqlite::memory:");
}

#[test]
fn application_name_is_seen_in_the_registry_and_by_the_server() {
    let setup = Setup::postgres();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let database = setup.library().application_name("billing").open().unwrap();
    runtime.block_on(database.connect()).unwrap();
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'billing'";
    assert_eq!(setup.sql(sessions).as_deref(), Some("1"));
    let registered = "SELECT DISTINCT application FROM dataflow_model_registry";
    assert_eq!(setup.sql(registered).as_deref(), Some("billing"));
}

async fn migration_policy_says_which_changes_are_made(setup: Setup) {
    setup.builder().model::<Country>().open().unwrap();
    setup.sql("ALTER TABLE countries RENAME TO states");
    #[derive(Debug, Clone, Model)]
    #[model(table = "nations", renamed_from = "states")]
    struct Nation {
        #[model(primary_key)]
        code: String,
        #[model(unique)]
        name: String,
    }
    let builder = || setup.builder().model::<Nation>();
    assert!(builder().open().is_err());
    assert!(setup.has_table("states"));
    builder().migration_policy(Policy::Full).open().unwrap();
    assert!(setup.has_table("nations"));
}
