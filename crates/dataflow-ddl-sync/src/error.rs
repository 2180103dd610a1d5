//! From the errors of the drivers to the one error of the house, once.
//!
//! What a server says beside its main message (details, hints, the context of a statement) may hold
//! values of rows, and so may the main message of a refused value; neither is repeated.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use dataflow_core::error::{Error, Kind};

/// Says which statement of a schema is refused, by its [beginning].
fn within_statement(error: Error, statement: &str) -> Error {
    match beginning(statement) {
        Some(beginning) if error.kind() == Kind::Schema => error.within(beginning),
        _ => error,
    }
}

/// What a statement of a schema makes, and of which table. Others may hold values of rows, and are
/// not repeated.
fn beginning(statement: &str) -> Option<&str> {
    let statement = statement.trim_start();
    let is_of_schema = ["CREATE ", "ALTER "]
        .iter()
        .any(|word| statement.starts_with(word));
    let line = statement.lines().next().filter(|_| is_of_schema)?;
    line.split(" (").next()
}
