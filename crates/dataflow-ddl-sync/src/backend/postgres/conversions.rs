//! Which values the database makes those of another type.

use std::collections::HashSet;

use dataflow_core::error::Result;
use dataflow_core::plan::Conversion;
use postgres::error::SqlState;

use super::Session;
use crate::error::postgres::translate;

/// Those of some conversions that no cast makes. A type that is not there yet is not asked about.
pub(super) fn unknown(session: &mut Session, asked: &[Conversion]) -> Result<HashSet<Conversion>> {
    if session.is_in_transaction || asked.is_empty() {
        return unknown_inside(session, asked);
    }
    session.begin("")?;
    let unknown = unknown_inside(session, asked);
    dataflow_core::ddl::Executor::rollback(session);
    unknown
}

/// A cast is looked for when a statement is read, before any value is.
fn unknown_inside(session: &mut Session, asked: &[Conversion]) -> Result<HashSet<Conversion>> {
    let mut unknown = HashSet::new();
    for conversion in asked {
        let Conversion { from, to } = conversion;
        let answer = session.try_rows(&format!(
            "SAVEPOINT conversion; \
             SELECT CAST(value AS {to}) FROM (SELECT CAST(NULL AS {from}) AS value) asked WHERE false; \
             ROLLBACK TO SAVEPOINT conversion"
        ));
        let Err(fault) = answer else { continue };
        if fault.as_db_error().is_none() {
            return Err(translate(&session.endpoint, &fault));
        }
        session.rows("ROLLBACK TO SAVEPOINT conversion")?;
        if fault.code() == Some(&SqlState::CANNOT_COERCE) {
            unknown.insert(conversion.clone());
        }
    }
    Ok(unknown)
}
