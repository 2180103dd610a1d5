//! What a trace shows of an operation: its names, in the words of OpenTelemetry, and no value.

use dataflow_core::Result;
use dataflow_core::dialect::dml::Bulk;
use tracing::field::{Empty, display};
use tracing::level_filters::LevelFilter;
use tracing::{Instrument as _, Span};

use crate::pool::Statement;

/// The span of an operation on the rows of a table.
pub(crate) fn of_table(
    system: &'static str,
    table: &dyn std::fmt::Display,
    operation: &'static str,
) -> Span {
    if is_unheard() {
        return Span::none();
    }
    tracing::debug_span!(
        "dataflow",
        db.system.name = system,
        db.collection.name = %table,
        db.operation.name = operation,
        "error.type" = Empty,
    )
}

/// The span of an operation on a database.
pub(crate) fn of_database(system: &'static str, operation: &'static str) -> Span {
    if is_unheard() {
        return Span::none();
    }
    tracing::debug_span!(
        "dataflow",
        db.system.name = system,
        db.operation.name = operation,
        "error.type" = Empty,
    )
}

/// Whether nobody listens to spans at all. One that nobody hears still has its names looked at each
/// time it is entered and left, where a crate among the dependencies has `tracing` speak to `log`.
fn is_unheard() -> bool {
    LevelFilter::current() < LevelFilter::DEBUG
}

/// Work in its span, which is told the code of its error.
pub(crate) async fn told<T>(span: Span, work: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
    let outcome = work().instrument(span.clone()).await;
    end(&span, &outcome);
    outcome
}

/// Tells the span of what has ended the code of its error.
pub(crate) fn end<T>(span: &Span, outcome: &Result<T>) {
    if let Err(error) = outcome {
        span.record("error.type", display(error.code()));
    }
}

/// The text of a statement, which holds no value.
pub(crate) fn statement(statement: &Statement) {
    tracing::trace!(db.query.text = &**statement.sql(), "statement");
}

/// The text of the statement that is run for each of many members, and how many there are.
pub(crate) fn bulk(bulk: &Bulk, members: usize) {
    let text = &**bulk.each.sql();
    tracing::trace!(
        db.query.text = text,
        db.operation.batch.size = members,
        "statement"
    );
}
