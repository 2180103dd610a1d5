//! Each kind of declaration, made, found again, and not made twice.

use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, Outcome, Persistence, SyncOptions};

use crate::models::set;
use crate::setup::Setup;

mod collation;
mod comment;
mod computed;
mod constraint;
mod enum_type;
mod index;
mod key;
mod limit;
mod renamed;
mod rowid;
mod rule;

/// Makes the models in an empty database; then nothing may be left to do, however it is looked at.
#[track_caller]
fn comes_back_equal(setup: &Setup, models: &[ModelSchema]) {
    let outcome = setup.outcome(models.to_vec());
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    is_settled(setup, models);
}

/// Nothing is planned, and a full comparison without a ledger finds nothing to do or to report.
#[track_caller]
fn is_settled(setup: &Setup, models: &[ModelSchema]) {
    let models = set(models.to_vec());
    let plan = setup.executor().plan(&models).unwrap();
    assert_eq!(plan.to_string(), "", "{}", setup.url());
    let in_full = SyncOptions {
        persistence: Persistence::None,
        drift_check: DriftCheck::Full,
        ..SyncOptions::default()
    };
    let ready = setup.executor().synchronize(&models, &in_full).unwrap();
    assert_eq!(
        (ready.outcome(), ready.findings()),
        (Outcome::Unchanged, &[][..])
    );
}
