//! The tables of a migration, locked all together.

use std::thread;

use dataflow_core::dialect::{literal, table_identifier};
use dataflow_core::error::{Error, Result};
use dataflow_core::plan::Lock;
use dataflow_core::schema::TableName;
use postgres::error::SqlState;

use super::Session;
use crate::error::postgres::{lock_not_available, translate};
use crate::pause::Pause;

/// How often the tables are asked for. In between, whoever waited behind gets in.
const ATTEMPTS: usize = 5;

/// Locks tables until the transaction ends.
///
/// Who asks for a lock that cannot be had makes all later comers wait too. `lock_timeout` bounds
/// the waiting for each lock; as the timeout of the one statement that takes them all, it bounds
/// the waiting for their sum.
pub(super) fn lock(session: &mut Session, tables: &[(TableName, Lock)]) -> Result<()> {
    let limit = session.timeouts.lock.as_millis();
    let usual = session.timeouts.statement.as_millis();
    let sql = format!(
        "SAVEPOINT tables; SET LOCAL statement_timeout = {limit}; DO {}; \
         SET LOCAL statement_timeout = {usual}; RELEASE SAVEPOINT tables",
        literal(&format!("BEGIN {} END", statements(tables)))
    );
    let mut pause = Pause::default();
    for _ in 1..ATTEMPTS {
        match session.send(&sql) {
            Ok(_) => return Ok(()),
            Err(fault) if is_waiting_over(&fault) => {
                session.rows("ROLLBACK TO SAVEPOINT tables")?;
                thread::sleep(pause.next());
            }
            Err(fault) => return Err(translate(&session.endpoint, &fault)),
        }
    }
    match session.send(&sql) {
        Ok(_) => Ok(()),
        Err(fault) if is_waiting_over(&fault) => Err(in_use(session, tables)),
        Err(fault) => Err(translate(&session.endpoint, &fault)),
    }
}

/// Whether a statement ended because somebody else holds a lock.
pub(super) fn is_waiting_over(fault: &postgres::Error) -> bool {
    let code = fault.code();
    [
        &SqlState::LOCK_NOT_AVAILABLE,
        &SqlState::QUERY_CANCELED,
        &SqlState::T_R_DEADLOCK_DETECTED,
    ]
    .iter()
    .any(|known| code == Some(known))
}

fn statements(tables: &[(TableName, Lock)]) -> String {
    let lock = |(table, lock): &(TableName, Lock)| {
        let mode = match lock {
            Lock::Nobody => return String::new(),
            Lock::SchemaChanges => "SHARE UPDATE EXCLUSIVE",
            Lock::Writers => "SHARE ROW EXCLUSIVE",
            Lock::Everybody => "ACCESS EXCLUSIVE",
        };
        format!("LOCK TABLE {} IN {mode} MODE; ", table_identifier(table))
    };
    tables.iter().map(lock).collect()
}

/// Names who uses the tables, as far as the server tells.
fn in_use(session: &mut Session, tables: &[(TableName, Lock)]) -> Error {
    let error = lock_not_available();
    if session.rows("ROLLBACK TO SAVEPOINT tables").is_err() {
        return error;
    }
    let names: Vec<String> = tables
        .iter()
        .map(|(table, _)| format!("{}::regclass", literal(&table_identifier(table))))
        .collect();
    let users = session.rows(&format!(
        "SELECT DISTINCT lock.relation::regclass, holder.pid, holder.application_name, \
                extract(epoch FROM clock_timestamp() - holder.xact_start)::bigint \
         FROM pg_locks lock JOIN pg_stat_activity holder ON holder.pid = lock.pid \
         WHERE lock.granted AND lock.relation = ANY (ARRAY[{}]::oid[]) \
         AND lock.pid <> pg_backend_pid() LIMIT 10",
        names.join(", ")
    ));
    let line = |row: &postgres::SimpleQueryRow| {
        let part = |at| row.get(at).unwrap_or("unknown");
        format!(
            "table {} is in use by pid {}, application_name {:?}, for {} s",
            part(0),
            part(1),
            part(2),
            part(3)
        )
    };
    error.with_details(users.unwrap_or_default().iter().map(line).collect())
}
