//! What SQLite says, told apart.

use dataflow_core::Error;
use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_core::error::{Code, Kind, Place};
use rusqlite::{ErrorCode, ffi};

use crate::pool::refusal;
use crate::pool::said::said;

/// The error of a statement.
pub(super) fn of(fault: &rusqlite::Error) -> Error {
    match fault {
        rusqlite::Error::SqliteFailure(code, message) => {
            failure(*code, message.as_deref().unwrap_or_default())
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => failure(*error, msg),
        _ => internal("the SQLite driver failed"),
    }
}

/// The error of a statement that does not come to run. What SQLite says of its text holds names, and
/// nothing of a row.
pub(super) fn of_preparing(fault: &rusqlite::Error) -> Error {
    let (message, place) = match fault {
        rusqlite::Error::SqlInputError { msg, offset, .. } => (msg, Some(format!("byte {offset}"))),
        rusqlite::Error::SqliteFailure(_, Some(message)) => (message, None),
        _ => return of(fault),
    };
    match of(fault) {
        error if error.kind() == Kind::Internal => error.with_source(said(message, place)),
        error => error,
    }
}

/// The error of opening a database.
pub(super) fn of_opening(fault: &rusqlite::Error, endpoint: &SqliteEndpoint) -> Error {
    let help = match fault.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            "see that the folder exists and that this program may write to it and to the file"
        }
        Some(ErrorCode::NotADatabase) => "name another file: this one is not a SQLite database",
        _ => return of(fault),
    };
    Error::of(Code::Connection, format!("{endpoint} cannot be opened")).with_help(help)
}

/// The error of opening a database for an operation. Its caller may be anybody, so that where the
/// file is stands in the cause alone.
pub(super) fn of_opening_for_a_caller(error: Error, endpoint: &SqliteEndpoint) -> Error {
    let place = endpoint.to_string();
    if !error.message().contains(&place) {
        return error;
    }
    let message = error.message().replace(&place, "the database");
    error.clone().with_message(message).with_source(error)
}

fn failure(code: ffi::Error, message: &str) -> Error {
    match code.code {
        ErrorCode::ConstraintViolation => constraint(code.extended_code, message),
        ErrorCode::OperationInterrupted => refusal::statement_timeout(),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::new(
            Kind::Timeout,
            "acquire_timeout has passed: another process is writing to the database",
        ),
        ErrorCode::TooBig => refusal::too_long("a value is larger than SQLite can store"),
        ErrorCode::TypeMismatch => refusal::value("a value has another type than its column"),
        ErrorCode::DiskFull => unavailable("the disk is full"),
        ErrorCode::ReadOnly => unavailable("the database cannot be written to"),
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Error::of(
            Code::Connection,
            "the database file cannot be read or written",
        ),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            internal("the database file is damaged")
        }
        _ if message == "integer overflow" => {
            refusal::value("the result is an integer of more than 64 bits")
        }
        _ if message.starts_with("no such ") => refusal::schema(message.to_owned()),
        _ => internal(format!(
            "SQLite refused the statement (code {})",
            code.extended_code
        )),
    }
}

/// SQLite's messages name tables, columns and constraints, and never quote a value.
fn constraint(extended_code: i32, message: &str) -> Error {
    let named = message.split_once(": ").map_or("", |(_, named)| named);
    let index = named.strip_prefix("index '");
    let constraint = match extended_code {
        ffi::SQLITE_CONSTRAINT_CHECK => Some(named),
        _ => index.and_then(|rest| rest.strip_suffix('\'')),
    };
    // A check without a name is called by its expression.
    let (table, columns) = match constraint {
        Some(_) => (None, Vec::new()),
        None => columns(named),
    };
    let place = Place {
        table: table.map(str::to_owned),
        columns: columns.clone(),
        constraint: constraint.map(str::to_owned),
    };
    let error = match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => refusal::unique(table, &columns),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => refusal::foreign_key(),
        // So SQLite says it of `ON DELETE RESTRICT`, which is a trigger to it.
        ffi::SQLITE_CONSTRAINT_TRIGGER if message == "FOREIGN KEY constraint failed" => {
            refusal::foreign_key()
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => match columns.as_slice() {
            [column] => refusal::required(column),
            _ => refusal::required_somewhere(),
        },
        ffi::SQLITE_CONSTRAINT_CHECK => refusal::check(named),
        ffi::SQLITE_CONSTRAINT_DATATYPE => {
            refusal::value("a value has another type than its column")
        }
        ffi::SQLITE_CONSTRAINT_TRIGGER => refusal::rule(None),
        _ => refusal::value("a constraint of the table refuses this"),
    };
    error.with_place(place)
}

/// The table and the columns of `users.email, users.tenant`.
fn columns(named: &str) -> (Option<&str>, Vec<String>) {
    let pairs: Option<Vec<(&str, &str)>> =
        named.split(", ").map(|pair| pair.split_once('.')).collect();
    let pairs = pairs.unwrap_or_default();
    let columns = pairs.iter().map(|(_, column)| (*column).to_owned());
    (pairs.first().map(|(table, _)| *table), columns.collect())
}

fn unavailable(message: &'static str) -> Error {
    Error::new(Kind::Unavailable, message)
}

fn internal(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::Internal, message)
}
