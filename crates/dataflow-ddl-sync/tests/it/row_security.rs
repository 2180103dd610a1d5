use dataflow_core::ddl::{DriftCheck, Outcome, SchemaReady, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::plan::{Class, Policy};
use dataflow_core::schema::{DefaultValue, FieldType, Limit, RenamedField};
use dataflow_core::{Error, ModelSchema};
use dataflow_ddl_sync::SyncDDLExecutor;
use private_postgres::{Database, test_database_url};

use crate::models::{With, field, model, optional, set};
use crate::setup::Setup;

fn note_of(column: &str, field_type: FieldType) -> ModelSchema {
    let mut note = model("Note")
        .with(field(column, field_type))
        .with(field("text", FieldType::String));
    note.fields.to_mut()[1].tenant = true;
    note
}

fn note() -> ModelSchema {
    note_of("team", FieldType::String)
}

fn secured(mut note: ModelSchema) -> ModelSchema {
    note.row_level_security = true;
    note
}

fn under(setup: &Setup, policy: Policy, note: ModelSchema) -> Result<SchemaReady, Error> {
    let options = SyncOptions {
        policy,
        ..SyncOptions::default()
    };
    setup.executor().synchronize(&set([note]), &options)
}

/// Whether nothing is left to be done or told, however closely one looks.
fn is_settled(setup: &Setup, note: ModelSchema) -> bool {
    let full = SyncOptions {
        drift_check: DriftCheck::Full,
        ..SyncOptions::default()
    };
    let ready = setup.executor().synchronize(&set([note]), &full).unwrap();
    ready.outcome() == Outcome::Unchanged && ready.findings().is_empty()
}

fn state(setup: &Setup) -> Option<String> {
    let texts = setup.texts(
        "SELECT relrowsecurity || ' ' || relforcerowsecurity || ' ' \
            || coalesce((SELECT string_agg(polname, ',') FROM pg_policy WHERE polrelid = pg_class.oid), '') \
         FROM pg_class WHERE relname = 'notes' AND relkind = 'r'",
    );
    texts.into_iter().next().flatten()
}

const KEPT_APART: &str = "true true dataflow_tenant";

#[test]
fn what_keeps_rows_apart_is_made_once_for_every_type_and_name() {
    let mut limited = note();
    limited.fields.to_mut()[1].limit = Some(Limit::Length(20));
    for note in [
        note(),
        note_of("order", FieldType::String),
        note_of("userId", FieldType::I16),
        note_of("a\"b", FieldType::I32),
        note_of("team", FieldType::I64),
        note_of("team", FieldType::Uuid),
        limited,
    ] {
        let setup = Setup::postgres();
        let note = secured(note);
        let steps = setup.executor().plan(&set([note.clone()])).unwrap().steps;
        let said: Vec<String> = steps.iter().map(|step| step.change.to_string()).collect();
        assert_eq!(said[0], "create table \"notes\"");
        assert!(said[1].starts_with("show the rows of table \"notes\" to the tenant"));
        assert!(steps.iter().all(|step| step.class == Class::Safe));
        assert_eq!(setup.outcome([note.clone()]), Outcome::Applied { steps: 2 });
        assert_eq!(state(&setup).as_deref(), Some(KEPT_APART));
        assert_eq!(setup.outcome([note.clone()]), Outcome::Unchanged);
        assert!(is_settled(&setup, note));
    }
}

#[test]
fn rows_of_a_table_that_exists_are_hidden_or_shown_only_when_that_is_allowed() {
    let setup = Setup::postgres();
    setup.outcome([note()]);
    let error = under(&setup, Policy::Safe, secured(note())).unwrap_err();
    assert_eq!(error.kind(), Kind::Schema);
    assert!(
        format!("{error:?}").contains("shows rows to others"),
        "{error:?}"
    );
    under(&setup, Policy::Full, secured(note())).unwrap();
    assert_eq!(state(&setup).as_deref(), Some(KEPT_APART));

    // A program of the version before, which would be shown nothing.
    let error = under(&setup, Policy::Full, note()).unwrap_err();
    assert!(
        format!("{error:?}").contains("to their tenant alone"),
        "{error:?}"
    );

    let next = || note().with(optional("more", FieldType::String));
    let error = under(&setup, Policy::Safe, next()).unwrap_err();
    assert!(
        format!("{error:?}").contains("to their tenant alone"),
        "{error:?}"
    );
    assert_eq!(state(&setup).as_deref(), Some(KEPT_APART));
    let plan = setup.executor().plan(&set([next()])).unwrap();
    assert_eq!(plan.class(), Some(Class::Breaking));
    under(&setup, Policy::Full, next()).unwrap();
    assert_eq!(state(&setup).as_deref(), Some("false false "));
    assert!(is_settled(&setup, next()));
}

#[test]
fn the_probe_sees_whatever_loosens_it_and_the_start_makes_it_good() {
    for sql in [
        "DROP POLICY dataflow_tenant ON notes",
        "ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE notes NO FORCE ROW LEVEL SECURITY",
        "ALTER POLICY dataflow_tenant ON notes USING (true)",
        "ALTER POLICY dataflow_tenant ON notes WITH CHECK (true)",
        "ALTER POLICY dataflow_tenant ON notes TO CURRENT_USER",
    ] {
        let setup = Setup::postgres();
        let note = secured(note());
        setup.outcome([note.clone()]);
        assert_eq!(setup.outcome([note.clone()]), Outcome::Unchanged);
        setup.execute(sql);
        let made_good = under(&setup, Policy::Full, note.clone());
        let outcome = made_good.unwrap().outcome();
        assert_eq!(outcome, Outcome::Applied { steps: 1 }, "{sql}");
        assert_eq!(state(&setup).as_deref(), Some(KEPT_APART), "{sql}");
        assert!(is_settled(&setup, note), "{sql}");
    }
}

#[test]
fn it_follows_its_column_through_another_name_and_another_type() {
    let setup = Setup::postgres();
    setup.outcome([secured(note_of("team", FieldType::I32))]);
    let wider = secured(note_of("team", FieldType::I64));
    under(&setup, Policy::Full, wider.clone()).unwrap();
    assert!(is_settled(&setup, wider));
    let mut renamed = secured(note_of("group", FieldType::I64));
    renamed.evolution.renamed_fields = vec![RenamedField {
        field: "group".into(),
        from: "team".into(),
    }]
    .into();
    let ready = under(&setup, Policy::Full, renamed.clone()).unwrap();
    assert_eq!(ready.outcome(), Outcome::Applied { steps: 1 });
    assert_eq!(state(&setup).as_deref(), Some(KEPT_APART));
    assert!(is_settled(&setup, renamed));
}

#[test]
fn an_owner_who_is_shown_no_rows_misses_none_in_a_migration() {
    let database = Database::create_for_plain_role(&test_database_url());
    let start = |note: ModelSchema| {
        let executor = SyncDDLExecutor::new(database.url().parse().unwrap());
        let options = SyncOptions {
            policy: Policy::Full,
            ..SyncOptions::default()
        };
        executor.synchronize(&set([note]), &options)
    };
    start(secured(note())).unwrap();
    let mut superuser =
        postgres::Client::connect(database.superuser_url(), postgres::NoTls).unwrap();
    let rows = "INSERT INTO notes (team, text) VALUES ('a', 'same'), ('b', 'same')";
    superuser.batch_execute(rows).unwrap();
    // What has to read the rows of all says so, and what need not does without.
    let unique = secured(note())
        .with(optional("beside", FieldType::String))
        .with_index(&["team", "text"], true);
    let plan = SyncDDLExecutor::new(database.url().parse().unwrap());
    let plan = plan.plan(&set([unique.clone()])).unwrap();
    assert!(
        plan.steps.iter().all(|step| step.rows == 1),
        "there are some"
    );
    let error = start(unique).unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden);
    assert!(error.help().unwrap().contains("BYPASSRLS"), "{error:?}");
    let beside = "SELECT 1 FROM pg_attribute WHERE attname = 'beside'";
    let nothing = superuser.query(beside, &[]).unwrap();
    assert!(nothing.is_empty(), "the step before was undone");
    let more = secured(note()).with(optional("more", FieldType::String));
    assert_eq!(
        start(more).unwrap().outcome(),
        Outcome::Applied { steps: 1 }
    );
}

#[test]
fn rows_that_nobody_would_be_shown_later_are_not_begun_to_be_filled_in() {
    let start = |database: &Database, note: ModelSchema| {
        let executor = SyncDDLExecutor::new(database.url().parse().unwrap());
        let options = SyncOptions {
            policy: Policy::Full,
            ..SyncOptions::default()
        };
        executor.synchronize(&set([note]), &options)
    };
    let filled = |note: ModelSchema| {
        let mut at = field("at", FieldType::Uuid);
        at.default = Some(DefaultValue::Sql("gen_random_uuid()".into()));
        note.with(at)
    };
    // The rows are hidden already, or will be once the other steps of the plan are made.
    for before in [secured(note()), note()] {
        let database = Database::create_for_plain_role(&test_database_url());
        start(&database, before).unwrap();
        let mut superuser =
            postgres::Client::connect(database.superuser_url(), postgres::NoTls).unwrap();
        let rows = "INSERT INTO notes (team, text) SELECT 'a', 'b' FROM generate_series(1, 3)";
        superuser.batch_execute(rows).unwrap();
        let wanted = || filled(secured(note()));
        let plan = SyncDDLExecutor::new(database.url().parse().unwrap());
        let plan = plan.plan(&set([wanted()])).unwrap();
        let told: Vec<String> = plan.blocking().map(ToString::to_string).collect();
        assert!(
            told[0].contains("column \"at\": has to be filled in"),
            "{told:?}"
        );
        let error = start(&database, wanted()).unwrap_err();
        assert!(error.help().unwrap().contains("BYPASSRLS"), "{error:?}");
        let there =
            "SELECT 1 FROM pg_attribute WHERE attname = 'at' AND attrelid = 'notes'::regclass";
        assert!(
            superuser.query(there, &[]).unwrap().is_empty(),
            "nothing was begun"
        );
        let migrations = "SELECT 1 FROM dataflow_migration_history";
        assert_eq!(superuser.query(migrations, &[]).unwrap().len(), 1);

        let setup = Setup::at_postgres(database.superuser_url());
        under(&setup, Policy::Full, wanted()).unwrap();
        assert!(is_settled(&setup, wanted()));
    }
}

/// Where row security is on, for the owner too, a policy only shows what is hidden without it. Where
/// it is not, programs that name no tenant would lose rows that they are shown.
#[test]
fn a_policy_that_is_gone_comes_back_by_itself_where_it_only_shows_rows() {
    for (sql, is_safe) in [
        ("DROP POLICY dataflow_tenant ON notes", true),
        (
            "DROP POLICY dataflow_tenant ON notes; CREATE POLICY other ON notes USING (true)",
            true,
        ),
        (
            "DROP POLICY dataflow_tenant ON notes; ALTER TABLE notes NO FORCE ROW LEVEL SECURITY",
            false,
        ),
        (
            "DROP POLICY dataflow_tenant ON notes; ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
            false,
        ),
    ] {
        let setup = Setup::postgres();
        let note = secured(note());
        setup.outcome([note.clone()]);
        setup.execute(sql);
        let started = under(&setup, Policy::Safe, note.clone());
        match is_safe {
            true => {
                let outcome = started.unwrap().outcome();
                assert_eq!(outcome, Outcome::Applied { steps: 1 }, "{sql}");
                let state = state(&setup).unwrap();
                assert!(state.starts_with("true true"), "{sql}");
                assert!(state.contains("dataflow_tenant"), "{sql}");
                assert!(is_settled(&setup, note), "{sql}");
            }
            false => assert_eq!(started.unwrap_err().kind(), Kind::Schema, "{sql}"),
        }
    }
}
