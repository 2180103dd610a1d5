//! Whether something between here and the server gives every transaction another session.

use dataflow_core::error::{Error, Kind, Result};

use super::{Session, connect};
use crate::error::postgres::translate;

const SETTING: &str = "dataflow.session";

/// Refuses a way to the server on which a lock of the session would be somebody else's, and never
/// let go.
///
/// A pooler in transaction mode hands the session that was used last to whoever asks next: a second
/// connection sees what the first one set. Directly connected, it sees nothing.
pub(super) fn is_absent(session: &mut Session) -> Result<()> {
    let mark = format!("{}.{:p}", std::process::id(), session);
    let read = format!("SELECT current_setting('{SETTING}', true)");
    session.rows(&format!("SET {SETTING} = '{mark}'"))?;
    let mut second = connect::connect(&session.endpoint, session.timeouts.connect)?;
    let seen = second
        .simple_query(&read)
        .map_err(|fault| translate(&session.endpoint, &fault))?;
    let is_shared = seen.iter().any(|message| {
        matches!(message, postgres::SimpleQueryMessage::Row(row) if row.get(0) == Some(&mark))
    });
    session.rows(&format!("RESET {SETTING}"))?;
    match is_shared {
        true => Err(Error::new(
            Kind::Unsupported,
            "a step cannot run in a transaction, and the connection goes through a pooler that \
             gives each transaction another session",
        )
        .with_help("set ddl_url to an address of the server itself")),
        false => Ok(()),
    }
}
