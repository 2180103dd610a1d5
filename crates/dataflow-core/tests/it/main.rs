//! The foundation, tested with values alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// Codes, predicates, and the page that explains them.
mod errors;
/// Equal models, equal fingerprints.
mod fingerprint;
/// Indexes: in SQL, and as definitions.
mod index;
/// Models the tests share, written by hand so that they need no derive.
mod models;
/// Two snapshots in, a plan out.
mod plan;
/// What a set of models must hold to.
mod schema_set;
/// Models in, SQL out.
mod sql;
/// Text to value and back.
mod value;
