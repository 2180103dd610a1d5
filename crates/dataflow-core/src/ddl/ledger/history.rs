//! The migrations that were made.

use serde::Serialize;

use super::HISTORY_TABLE;
use crate::ddl::{Executor, TextRow};
use crate::error::Result;

/// A migration that was made, or at least begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Migration {
    /// Its number in the ledger; a later one has a greater.
    pub id: String,
    /// The application whose models asked for it.
    pub application: String,
    /// When it was begun, in UTC.
    pub applied_at: String,
    /// How it ended.
    pub status: MigrationStatus,
    /// The step that it is at, or that it failed at.
    pub step: Option<String>,
    /// The hash of its plan.
    pub plan: Option<String>,
    /// What it changed, a line each.
    pub changes: Vec<String>,
    /// The software that made it.
    pub made_by: String,
}

/// How a migration ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MigrationStatus {
    /// All of it was made.
    Done,
    /// It has not ended, or the program that made it has.
    Running,
    /// A step failed. The next start goes on from there.
    Failed,
}

/// What was not there in the first layout of the ledger, each with what stands for it there.
const LATER_COLUMNS: [&str; 3] = ["status", "step", "plan"];

/// The migrations of a database, newest first; of one application where one is named. None where
/// there is no ledger.
///
/// # Errors
///
/// When the database does not answer.
pub fn history(executor: &mut dyn Executor, application: Option<&str>) -> Result<Vec<Migration>> {
    let found = executor.inspect(&[HISTORY_TABLE.into()])?;
    let Some(table) = found.table(&HISTORY_TABLE.into()) else {
        return Ok(Vec::new());
    };
    let later = LATER_COLUMNS.map(|name| match table.column(name) {
        Some(_) => name,
        None => "NULL",
    });
    let condition = application.map_or_else(String::new, |application| {
        let application = crate::dialect::literal(application);
        format!("WHERE application = {application} ")
    });
    let rows = executor.query(&format!(
        "SELECT id, application, applied_at, made_by, changes, {} FROM {HISTORY_TABLE} \
         {condition}ORDER BY id DESC",
        later.join(", ")
    ))?;
    Ok(rows.into_iter().map(read).collect())
}

fn read(row: TextRow) -> Migration {
    let mut values = row.into_iter();
    let mut next = || values.next().flatten();
    let mut text = || next().unwrap_or_default();
    let (id, application, applied_at) = (text(), text(), text());
    let (made_by, changes) = (text(), text());
    Migration {
        id,
        application,
        applied_at: in_utc(&applied_at),
        made_by,
        changes: changes.lines().map(ToOwned::to_owned).collect(),
        status: status(next().as_deref()),
        step: next(),
        plan: next(),
    }
}

/// The first layout recorded only what had ended well.
fn status(word: Option<&str>) -> MigrationStatus {
    match word {
        Some("running") => MigrationStatus::Running,
        Some("failed") => MigrationStatus::Failed,
        _ => MigrationStatus::Done,
    }
}

/// Both databases write the time in UTC, each in its way.
fn in_utc(time: &str) -> String {
    let time = time.replacen(' ', "T", 1);
    match time.strip_suffix("+00") {
        Some(time) => format!("{time}Z"),
        None => time,
    }
}
