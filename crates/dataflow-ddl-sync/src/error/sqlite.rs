//! What SQLite says, in the words of the house.

use dataflow_core::dialect::REBUILT_PREFIX;
use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_core::error::{Error, Kind};
use rusqlite::ErrorCode;

use super::within_statement;

const CORRECT_THE_ROWS: &str = "correct the rows first; nothing was changed";

/// The error of a call to SQLite.
pub(crate) fn translate(endpoint: &SqliteEndpoint, fault: &rusqlite::Error) -> Error {
    match code(fault) {
        Some(ErrorCode::NotADatabase) => Error::new(
            Kind::Unavailable,
            format!("{endpoint} is not a SQLite database"),
        )
        .with_help("name another file, or one that does not exist to have it created"),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Error::new(
            Kind::Unavailable,
            format!("{endpoint} cannot be opened"),
        )
        .with_help(
            "the path must name a file, in a folder that exists and that this user may write to",
        ),
        Some(ErrorCode::ReadOnly) => Error::new(
            Kind::Unavailable,
            format!("{endpoint} cannot be written to"),
        )
        .with_help("let this user write to the file and to its folder, or only verify"),
        _ if is_busy(fault) => locked(endpoint),
        Some(ErrorCode::ConstraintViolation) => Error::new(
            Kind::Schema,
            format!(
                "existing rows refuse it: {}",
                of_the_old_table(&message(fault))
            ),
        )
        .with_help(CORRECT_THE_ROWS),
        Some(ErrorCode::Unknown) => match fault {
            rusqlite::Error::SqlInputError { sql, .. } => {
                within_statement(Error::new(Kind::Schema, message(fault)), sql)
            }
            _ => Error::new(Kind::Schema, message(fault)),
        },
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt) => {
            Error::new(Kind::Unavailable, format!("{endpoint}: {}", message(fault)))
        }
        _ => Error::new(Kind::Internal, format!("{endpoint}: {}", message(fault))),
    }
}

/// The error of a statement that changes the schema. SQLite does not name the index that it could
/// not fill, so the statement is asked.
pub(crate) fn translate_change(
    endpoint: &SqliteEndpoint,
    statement: &str,
    fault: &rusqlite::Error,
) -> Error {
    let index = statement
        .trim_start()
        .strip_prefix("CREATE UNIQUE INDEX ")
        .and_then(|rest| rest.split_once(" ON "));
    match index {
        Some((index, _)) if code(fault) == Some(ErrorCode::ConstraintViolation) => {
            let message = format!(
                "index {index}: rows hold duplicate values ({})",
                message(fault)
            );
            Error::new(Kind::Schema, message).with_help(CORRECT_THE_ROWS)
        }
        _ => translate(endpoint, fault),
    }
}

/// Whether another connection is in the way.
pub(crate) fn is_busy(fault: &rusqlite::Error) -> bool {
    matches!(
        code(fault),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// Whether a statement failed because a table does not exist. SQLite has no code for it.
pub(crate) fn lacks_table(fault: &rusqlite::Error, table: &str) -> bool {
    says(fault, &format!("no such table: {table}"))
}

/// Whether a statement failed because a column does not exist.
pub(crate) fn lacks_column(fault: &rusqlite::Error, column: &str) -> bool {
    says(fault, &format!("no such column: {column}"))
}

fn says(fault: &rusqlite::Error, expected: &str) -> bool {
    code(fault) == Some(ErrorCode::Unknown) && message(fault) == expected
}

/// The wait for the lock on the file is over.
fn locked(endpoint: &SqliteEndpoint) -> Error {
    someone_writes(endpoint, "lock_timeout")
}

/// The wait for the lock on the file is over, which a migration takes before it looks at anything.
pub(crate) fn being_migrated(endpoint: &SqliteEndpoint) -> Error {
    someone_writes(endpoint, "migration_timeout")
}

fn someone_writes(endpoint: &SqliteEndpoint, setting: &str) -> Error {
    Error::new(
        Kind::Timeout,
        format!("{setting} has passed: another connection is writing to {endpoint}"),
    )
    .with_help(format!("end the other writer, or raise {setting}"))
}

fn code(fault: &rusqlite::Error) -> Option<ErrorCode> {
    match fault {
        rusqlite::Error::SqlInputError { error, .. } => Some(error.code),
        other => other.sqlite_error_code(),
    }
}

/// The same sentence about the table that is written anew, which has another name meanwhile.
fn of_the_old_table(message: &str) -> String {
    message.replace(REBUILT_PREFIX, "")
}

/// SQLite's own sentence, without the statement that the driver may add. It names tables, columns
/// and indexes, never values.
fn message(fault: &rusqlite::Error) -> String {
    match fault {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}
