//! Group commit: what waits together is made durable together.

use rusqlite::Connection;

use super::error;
use super::job::Job;
use super::watch::Watch;

/// Runs jobs in one transaction, as if each had been alone.
///
/// A statement that fails undoes itself and nothing else, so its neighbors go on. What undoes the
/// whole transaction (a full disk, an interrupt, a constraint that is checked at the commit) has
/// the others run again, each for itself.
pub(super) fn run(connection: &mut Connection, jobs: &mut [Box<dyn Job>], watch: &Watch) {
    if let [only] = jobs {
        return only.run(connection, watch);
    }
    if let Err(fault) = connection.execute_batch("BEGIN IMMEDIATE") {
        for job in jobs {
            job.fail(error::of(&fault));
        }
        return;
    }
    let undoer = run_in_transaction(connection, jobs, watch);
    if undoer.is_none() && connection.execute_batch("COMMIT").is_ok() {
        return;
    }
    if !connection.is_autocommit() {
        // A rollback that fails has nothing left to undo.
        let _ = connection.execute_batch("ROLLBACK");
    }
    for (position, job) in jobs.iter_mut().enumerate() {
        if Some(position) != undoer {
            job.run(connection, watch);
        }
    }
}

/// The position of the job that undid the transaction, if one did.
fn run_in_transaction(
    connection: &mut Connection,
    jobs: &mut [Box<dyn Job>],
    watch: &Watch,
) -> Option<usize> {
    jobs.iter_mut().position(|job| {
        job.run(connection, watch);
        connection.is_autocommit()
    })
}
