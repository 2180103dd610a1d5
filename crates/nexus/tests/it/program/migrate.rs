//! `migrate` in an application's own command line.

use super::process::Ended;
use super::setup::{Setup, on_every_database};

on_every_database!(
    a_verb_looks_and_changes_nothing,
    what_was_migrated_by_hand_is_served_unchanged,
    a_dump_holds_the_compiled_models,
);

fn migrate(setup: &Setup, arguments: &[&str]) -> Ended {
    let words = [&["migrate"], arguments].concat();
    setup.launch("production").arguments(&words).run()
}

fn a_verb_looks_and_changes_nothing(setup: &Setup) {
    for verb in ["plan", "check", "status"] {
        let ended = migrate(setup, &[verb]);
        assert_eq!(ended.status.code(), Some(2), "{verb}: {ended:?}");
    }
    for verb in ["sql", "history", "dump"] {
        let ended = migrate(setup, &[verb]);
        assert_eq!(ended.status.code(), Some(0), "{verb}: {ended:?}");
    }
    let wrong = migrate(setup, &["plan", "--colour"]);
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
    let plan = migrate(setup, &["plan"]);
    assert!(plan.stdout.contains("CREATE TABLE \"users\""), "{plan:?}");
    assert!(setup.is_untouched());
}

fn what_was_migrated_by_hand_is_served_unchanged(setup: &Setup) {
    let ended = migrate(setup, &["apply"]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.stdout.contains("changes applied"), "{ended:?}");
    assert!(
        ended.stderr.starts_with("[1/2] create table \"users\"\n"),
        "{ended:?}"
    );
    let plan = migrate(setup, &["plan"]);
    assert_eq!(plan.status.code(), Some(0), "{plan:?}");

    let program = setup.start("production");

    assert!(
        program.report().contains("1 model, unchanged"),
        "{}",
        program.report()
    );
}

fn a_dump_holds_the_compiled_models(setup: &Setup) {
    let dump = migrate(setup, &["dump"]).stdout;
    let models = dataflow::SchemaSet::from_json(&dump).unwrap();
    let user = models.find("User").unwrap();
    let fields: Vec<&str> = user.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(fields, ["id", "email", "name"]);
}
