use dataflow_core::SchemaSet;
use dataflow_core::ddl::{Migrations as _, SyncOptions};
use dataflow_core::plan::Policy;
use dataflow_core::schema::FieldType;
use dataflow_ddl_sync::Imitator;

use crate::models::{With, optional, set, user};
use crate::setup::Setup;

fn start(setup: &Setup, models: &SchemaSet) {
    let options = SyncOptions::default();
    setup.executor().synchronize(models, &options).unwrap();
}

#[test]
fn a_table_that_is_made_like_another_still_has_its_changes_written_down() {
    for (here, there) in Setup::both().into_iter().zip(Setup::both()) {
        let watched = set([user()]).change_feed(true);
        let wanted = set([user().with(optional("score", FieldType::Decimal))]);
        start(&here, &watched);
        start(&there, &wanted);
        here.execute("INSERT INTO users (id, name, email) VALUES (1, 'Ann', 'a')");

        let imitator = Imitator::new(here.executor(), there.executor());
        let plan = imitator.plan().unwrap();
        imitator
            .apply(Policy::Approved(plan.hash()), &mut |_| {})
            .unwrap();

        assert!(imitator.plan().unwrap().is_empty());
        here.execute("UPDATE users SET name = 'Bo' WHERE id = 1");
        here.execute("DELETE FROM users WHERE id = 1");
        let verbs = "SELECT verb FROM dataflow_changes ORDER BY position";
        let verbs: Vec<_> = here.texts(verbs).into_iter().flatten().collect();
        assert_eq!(verbs, ["create", "update", "delete"]);
    }
}

#[test]
fn rows_that_refuse_a_table_written_anew_are_named_by_its_own_name() {
    let (here, there) = (Setup::sqlite(), Setup::sqlite());
    here.execute("CREATE TABLE plants (id INTEGER PRIMARY KEY, name TEXT)");
    here.execute("INSERT INTO plants (id) VALUES (1)");
    there.execute("CREATE TABLE plants (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");

    let imitator = Imitator::new(here.executor(), there.executor());
    let plan = imitator.plan().unwrap();
    let refused = imitator.apply(Policy::Approved(plan.hash()), &mut |_| {});
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("plants.name"), "{error}");
    assert!(!error.contains("dataflow_new"), "{error}");
    assert!(!imitator.plan().unwrap().is_empty(), "nothing was changed");
}
