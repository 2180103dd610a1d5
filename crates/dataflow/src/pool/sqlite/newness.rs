//! Whether a row that an upsert has just written is new.
//!
//! SQLite keeps nothing in a row by which to tell, so a change marks itself: the condition of an
//! upsert's `DO UPDATE` calls one function, and what it gives back calls the other, row by row.

use std::cell::Cell;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

thread_local! {
    /// A connection is used by one thread, and that runs one statement at a time.
    static IS_MARKED: Cell<bool> = const { Cell::new(false) };
}

/// Brings the functions that [`Dialect::newness`](dataflow_core::dialect::Dialect::newness) names.
pub(super) fn install(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8;
    connection.create_scalar_function("dataflow_mark_change", 0, flags, |_| {
        IS_MARKED.set(true);
        Ok(true)
    })?;
    connection.create_scalar_function("dataflow_is_new", 0, flags, |_| Ok(!IS_MARKED.take()))
}

/// A statement begins. The one before it may have marked a row that it did not change in the end.
pub(super) fn begin() {
    IS_MARKED.set(false);
}
