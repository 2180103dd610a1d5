//! Random models, rows, and random edits that carry their hints. Under the policy full, or once the
//! plan is approved, the catalogue is that of the edited models made anew, what survives keeps its
//! values, and there is nothing left to do; or the edits are refused, and nothing has changed. Each
//! edit by which something is lost is refused by itself.

use std::cell::Cell;

use dataflow_core::ddl::{DriftCheck, Outcome, SyncOptions};
use dataflow_core::dialect::identifier;
use dataflow_core::error::Kind;
use dataflow_core::plan::{Class, Policy};
use dataflow_core::schema::TableName;
use dataflow_core::snapshot::DatabaseSnapshot;
use dataflow_core::{Error, SchemaSet};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::setup::Setup;
use draft::{Draft, Loss};
use edit::Edit;
use writes::Writes;

/// Models with what they were called before.
mod draft;
/// One change of them.
mod edit;
/// Each kind of field, with values.
mod kind;
/// Rows, and the values that have to survive.
mod rows;
/// What is written, as the database counts it.
mod writes;

#[test]
fn any_edit_of_any_models_is_made_or_refused_on_sqlite() {
    let fresh = || (Setup::sqlite(), Setup::sqlite());
    run(60, fresh);
}

/// Making a database takes longer than all else, so two are emptied again and again.
#[test]
fn any_edit_of_any_models_is_made_or_refused_on_postgres() {
    let (evolved, anew) = (Setup::postgres(), Setup::postgres());
    writes::count(&evolved);
    let emptied = || {
        for setup in [&evolved, &anew] {
            setup.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
            for schema in draft::SCHEMAS.map(identifier) {
                setup.execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"));
            }
        }
        (&evolved, &anew)
    };
    run(20, emptied);
}

/// The same cases each time; `PROPTEST_CASES` asks for more of them.
fn run<S: std::borrow::Borrow<Setup>>(cases: u32, fresh: impl Fn() -> (S, S)) {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let cases = asked.map_or(cases, |cases| cases.parse().unwrap());
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let edits = |most| vec(any::<[u8; 6]>(), 0..most);
    let tally = Tally::default();
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(&(edits(14), edits(6)), |(before, after)| {
        let (evolved, anew) = fresh();
        case(evolved.borrow(), anew.borrow(), &before, &after, &tally);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let Tally {
        made,
        refused,
        lossy,
        pointing,
    } = &tally;
    assert!(made > refused, "{tally:?}");
    assert!(lossy.get() > 0 && pointing.get() > 0, "{tally:?}");
}

/// What came up, so that nothing is tested only by name.
#[derive(Debug, Default)]
struct Tally {
    /// Cases whose edits were made.
    made: Cell<i64>,
    /// Cases whose edits were refused.
    refused: Cell<i64>,
    /// Edits that lose something.
    lossy: Cell<i64>,
    /// Values that point at a row before the edits and after them.
    pointing: Cell<i64>,
}

fn add(count: &Cell<i64>, more: i64) {
    count.set(count.get() + more);
}

fn case(evolved: &Setup, anew: &Setup, before: &[[u8; 6]], after: &[[u8; 6]], tally: &Tally) {
    let mut draft = Draft::new(evolved);
    for edit in before {
        Edit::of(edit).apply(&mut draft);
    }
    draft.settle(evolved);
    let models = draft.set();
    synchronize(evolved, &models, Policy::Safe).unwrap();
    rows::insert(evolved, &draft);
    let names = draft.table_names();

    let edits: Vec<Edit> = after.iter().map(Edit::of).collect();
    for edit in &edits {
        add(&tally.lossy, is_refused_alone(evolved, &draft, edit).into());
    }
    let found = catalogue(evolved, &names);
    for edit in &edits {
        edit.apply(&mut draft);
    }
    let survivors = rows::survivors(&draft);
    let values = rows::values(evolved, &survivors, rows::Names::Before);
    let models = draft.set();
    let writes = Writes::to(evolved);
    let written = writes.so_far();
    let evolution = evolve(evolved, &models, draft.loss());
    if let Ok(Outcome::Applied { .. }) = evolution {
        assert_ne!(writes.so_far(), written, "{edits:?}");
    }
    if let Err(error) = evolution {
        assert_eq!(error.kind(), Kind::Schema, "{error:?}");
        assert!(
            draft.may_be_refused,
            "{edits:?}\n{error:?}\n{:#}",
            evolved.executor().plan(&models).unwrap()
        );
        assert_eq!(catalogue(evolved, &names), found, "{edits:?}: {error:?}");
        let kept = rows::values(evolved, &survivors, rows::Names::Before);
        assert_eq!(kept, values, "{edits:?}: {error:?}");
        return add(&tally.refused, 1);
    }
    synchronize(anew, &models, Policy::Safe).unwrap();
    let names = draft.table_names();
    assert_eq!(
        catalogue(evolved, &names),
        catalogue(anew, &names),
        "{edits:?}"
    );
    let kept = rows::values(evolved, &survivors, rows::Names::After);
    rows::assert_kept(&values, &kept, &survivors, evolved.is_postgres());
    add(&tally.pointing, rows::pointing(evolved, &draft));
    let plan = evolved.executor().plan(&models).unwrap();
    assert_eq!(plan.to_string(), "", "{edits:?}");
    let again = synchronize(evolved, &models, Policy::Full).unwrap();
    assert_eq!(again, Outcome::Unchanged, "{edits:?}");
    assert_nothing_is_written(evolved, &models, &edits);
    add(&tally.made, 1);
}

/// Whether an edit loses something. If it does, then by itself it leaves every value as it is: under
/// the policy safe what would be dropped, and even under full, which says so, what would become
/// another value.
fn is_refused_alone(setup: &Setup, draft: &Draft, edit: &Edit) -> bool {
    let mut alone = draft.clone();
    let everything = rows::survivors(draft);
    edit.apply(&mut alone);
    let Some(loss) = alone.loss() else {
        return false;
    };
    let values = || rows::values(setup, &everything, rows::Names::Before);
    let before = values();
    match (loss, alone.set()) {
        (Loss::Dropped, models) => {
            let _ = synchronize(setup, &models, Policy::Safe);
        }
        (Loss::Changed, models) => {
            let error = synchronize(setup, &models, Policy::Full).unwrap_err();
            assert_eq!(error.kind(), Kind::Schema, "{edit:?}: {error:?}");
        }
    }
    assert_eq!(values(), before, "{edit:?}");
    true
}

/// A start with unchanged models changes nothing at all, as the database itself counts it.
fn assert_nothing_is_written(setup: &Setup, models: &SchemaSet, edits: &[Edit]) {
    let writes = Writes::to(setup);
    let written = writes.so_far();
    let options = SyncOptions::default();
    let ready = setup.executor().synchronize(models, &options).unwrap();
    assert_eq!(ready.outcome(), Outcome::Unchanged, "{edits:?}");
    assert_eq!(writes.so_far(), written, "{edits:?}");
}

/// Under the policy full; what that refuses because values become others is approved.
fn evolve(setup: &Setup, models: &SchemaSet, loss: Option<Loss>) -> Result<Outcome, Error> {
    let plan = setup.executor().plan(models)?;
    let is_lossy = plan.class() == Some(Class::Irreversible);
    assert!(is_lossy || loss != Some(Loss::Changed), "{plan}");
    let outcome = synchronize(setup, models, Policy::Full);
    if is_lossy {
        assert!(outcome.is_err(), "{plan}");
        return synchronize(setup, models, Policy::Approved(plan.hash()));
    }
    outcome
}

fn synchronize(setup: &Setup, models: &SchemaSet, policy: Policy) -> Result<Outcome, Error> {
    let options = SyncOptions {
        policy,
        drift_check: DriftCheck::Full,
        ..SyncOptions::default()
    };
    let ready = setup.executor().synchronize(models, &options)?;
    Ok(ready.outcome())
}

/// The tables of names, without what carries no meaning: the order of columns, the number of rows,
/// the text of statements, and on SQLite the names of constraints, which cannot be changed.
fn catalogue(setup: &Setup, names: &[TableName]) -> DatabaseSnapshot {
    let mut snapshot = setup
        .executor()
        .run(|executor| executor.inspect(names))
        .unwrap();
    for table in &mut snapshot.tables {
        assert_eq!(table.existing.unfinished, [""; 0], "{}", table.name);
        table.existing = dataflow_core::snapshot::Existing::default();
        for column in &mut table.columns {
            column.guard.iter_mut().for_each(|guard| guard.name.clear());
            column.limit.iter_mut().for_each(|limit| limit.name.clear());
        }
        if !setup.is_postgres() {
            table.checks.iter_mut().for_each(|check| check.name.clear());
        }
        table
            .columns
            .sort_by(|one, other| one.name.cmp(&other.name));
        table
            .indexes
            .sort_by(|one, other| one.name.cmp(&other.name));
        table.checks.sort_by(|one, other| {
            (&one.name, &one.expression).cmp(&(&other.name, &other.expression))
        });
        table
            .foreign_keys
            .sort_by(|one, other| one.column.cmp(&other.column));
    }
    snapshot
        .tables
        .sort_by(|one, other| one.name.cmp(&other.name));
    // A schema outlives its tables, and a type its columns.
    let tables = &snapshot.tables;
    snapshot.schemas.retain(|schema| {
        let mut schemas = tables.iter().map(|table| table.name.schema.as_deref());
        schemas.any(|used| used == Some(schema))
    });
    let columns = || snapshot.tables.iter().flat_map(|table| &table.columns);
    let is_used = |name: &str| columns().any(|column| column.column_type == identifier(name));
    let used: Vec<_> = snapshot
        .enum_types
        .iter()
        .filter(|enum_type| is_used(&enum_type.name))
        .cloned()
        .collect();
    snapshot.enum_types = used;
    snapshot
}
