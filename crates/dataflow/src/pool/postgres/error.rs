//! What PostgreSQL says, told apart by SQLSTATE.

use std::io::ErrorKind;
use std::time::Duration;

use dataflow_core::Error;
use dataflow_core::endpoint::PostgresEndpoint;
use dataflow_core::error::{Code, Kind, Place};
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::detail;
use crate::pool::failure::Failure;
use crate::pool::refusal;
use crate::pool::said::said;

/// The server does not answer.
pub(super) fn silence() -> Failure {
    let what = "statement_timeout has passed, and PostgreSQL does not answer";
    let error = Error::of(Code::Connection, what);
    Failure::lost(error.with_help("see that the server runs and can be reached"))
}

/// The failure of a statement.
pub(super) fn of(fault: &sqlx::Error) -> Failure {
    match fault {
        sqlx::Error::Database(fault) => match fault.try_downcast_ref::<PgDatabaseError>() {
            Some(fault) if ends_session(fault.code()) => Failure::lost(of_statement(fault)),
            Some(fault) => Failure::refused(of_statement(fault)),
            None => Failure::lost(broken()),
        },
        sqlx::Error::Io(_) => Failure::lost(lost()),
        sqlx::Error::InvalidArgument(_) | sqlx::Error::Encode(_) => Failure::refused(unencodable()),
        _ => Failure::lost(broken()),
    }
}

const TLS_HELP: &str = "see that sslmode and sslrootcert fit the certificate of the server";

/// The error of opening a connection.
pub(super) fn of_connecting(fault: &sqlx::Error, endpoint: &PostgresEndpoint) -> Error {
    let refused = match fault {
        sqlx::Error::Database(refused) => refused.try_downcast_ref::<PgDatabaseError>(),
        _ => None,
    };
    let (what, help): (String, &'static str) = match (fault, refused.map(PgDatabaseError::code)) {
        (_, Some("28P01" | "28000")) => (
            format!("refused the login of {:?}", endpoint.user),
            "see that user and password are right, and that pg_hba.conf lets them in",
        ),
        (_, Some("3D000")) => (
            format!("has no database {:?}", endpoint.database),
            "create the database first, or name another",
        ),
        (_, Some("53300")) => (
            "has no connection left".to_owned(),
            "lower connection_pool_size, or raise max_connections of the server",
        ),
        (_, Some("57P03")) => ("is starting or stopping".to_owned(), "try again"),
        (_, Some("08P01")) => (
            "refuses what a connection begins with (SQLSTATE 08P01)".to_owned(),
            "set transaction_pooling if PgBouncer or the like answers there",
        ),
        (_, Some(code)) => (
            format!("refused the connection (SQLSTATE {code})"),
            "see the log of the server",
        ),
        (sqlx::Error::Tls(cause), _) => (format!("does not speak TLS as asked: {cause}"), TLS_HELP),
        // So rustls refuses a certificate.
        (sqlx::Error::Io(cause), _) if cause.kind() == ErrorKind::InvalidData => {
            (format!("does not speak TLS as asked: {cause}"), TLS_HELP)
        }
        (sqlx::Error::Io(cause), _) => (
            format!("cannot be reached: {}", cause.kind()),
            "see that host and port are right and that the server runs",
        ),
        _ => (
            "does not answer as PostgreSQL does".to_owned(),
            "see that host and port are those of a PostgreSQL server",
        ),
    };
    Error::of(Code::Connection, format!("{endpoint} {what}")).with_help(help)
}

/// The error of opening a connection for an operation. Its caller may be anybody, so that where the
/// database is stands in the cause alone.
pub(super) fn of_connecting_for_a_caller(error: Error, endpoint: &PostgresEndpoint) -> Error {
    let place = endpoint.to_string();
    if !error.message().contains(&place) {
        return error;
    }
    let message = error.message().replace(&place, "the database");
    error.clone().with_message(message).with_source(error)
}

/// Opening a connection took too long.
pub(super) fn connect_timeout(patience: Duration, endpoint: &PostgresEndpoint) -> Error {
    let message = format!("connect_timeout of {patience:?} has passed: {endpoint} is silent");
    Error::new(Kind::Timeout, message)
        .with_help("see that host and port are right, or raise connect_timeout")
}

/// A value that the protocol cannot carry.
pub(super) fn unencodable() -> Error {
    refusal::value("a value cannot be sent to PostgreSQL")
}

/// Whether a connection is of no use after this: the server ends it, lets it only read, or has
/// forgotten what was prepared on it.
fn ends_session(code: &str) -> bool {
    code.starts_with("08")
        || code.starts_with("57P")
        || code.starts_with("XX")
        || matches!(code, "25006" | "25P03" | "25P04" | "26000" | "0A000")
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn of_statement(fault: &PgDatabaseError) -> Error {
    let table = fault.table();
    let detail = fault.detail().unwrap_or_default();
    let error = match fault.code() {
        "23505" | "23P01" => refusal::unique(table, &detail::columns(detail)),
        "23503" | "23001" => foreign_key(fault),
        "23502" => match fault.column() {
            Some(column) => refusal::required(column),
            None => refusal::required_somewhere(),
        },
        "23514" => refusal::check(fault.constraint().unwrap_or_default()),
        "44000" => refusal::beyond_view(),
        code if code.starts_with("23") || is_of_a_user(code) => refusal::rule(fault.constraint()),
        "22001" => refusal::too_long("a text is longer than its column allows"),
        "22003" | "22008" => refusal::out_of_range(),
        "2200H" => refusal::keys_exhausted(),
        "22021" | "22P05" => refusal::value("a text holds a character that cannot be stored"),
        code if code.starts_with("22") => refusal::value("a value does not fit its column"),
        "40001" | "40P01" => refusal::contention("another transaction was in the way"),
        "55P03" if fault.routine() == Some("ProcessInterrupts") => Error::new(
            Kind::Timeout,
            "lock_timeout has passed: a row or table is locked",
        ),
        "55P03" => Error::new(
            Kind::Timeout,
            "another transaction has a row or table locked",
        ),
        "57014" if is_of_somebody(fault) => unavailable("somebody has stopped the statement"),
        "57014" => refusal::statement_timeout(),
        "25P03" => refusal::idle_timeout(),
        // These two messages name a table or a column, and nothing else.
        "42P01" | "42703" => refusal::schema(fault.message().to_owned()),
        "428C9" => refusal::value("a column takes no value: the database alone makes it"),
        // An entry of an index holds far less than its column, and a table's row has a page.
        "54000" => refusal::too_long("a value is too long for its table or for an index of it"),
        "53100" => unavailable("the disk of the server is full"),
        "53200" => unavailable("the memory of the server is full"),
        code if code.starts_with("57P") || code.starts_with("08") => lost(),
        "25006" => unavailable("the server is read-only"),
        "42501" => forbidden(fault),
        code if code.starts_with("42") => of_text(fault),
        code => Error::new(
            Kind::Internal,
            format!("PostgreSQL refused the statement (SQLSTATE {code})"),
        ),
    };
    error.with_place(place(fault))
}

/// Whether a function of somebody's raises it: `RAISE EXCEPTION` without a code, or a class that
/// neither the standard nor the server has.
fn is_of_a_user(code: &str) -> bool {
    const SERVER: [&str; 43] = [
        "00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21",
        "22", "23", "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D",
        "3F", "40", "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "P0",
    ];
    let class = code.get(..2).unwrap_or_default();
    code == "P0001" || (class != "XX" && !SERVER.contains(&class))
}

/// Whether somebody has stopped a statement, by `pg_cancel_backend` or the like, and not its timeout.
/// Only the message tells; in another language than English, it counts as the timeout.
fn is_of_somebody(fault: &PgDatabaseError) -> bool {
    fault.message().ends_with("user request")
}

/// The text itself is wrong: a syntax error, a name that means two things, types that do not go
/// together. What the server says of it holds names and types, and nothing of a row.
fn of_text(fault: &PgDatabaseError) -> Error {
    let code = fault.code();
    let place = match fault.position() {
        Some(PgErrorPosition::Original(position)) => Some(format!("character {position}")),
        _ => None,
    };
    let message = format!("PostgreSQL refused the statement (SQLSTATE {code})");
    let error = Error::new(Kind::Internal, message).with_source(said(fault.message(), place));
    match fault.hint() {
        Some(hint) => error.with_help(said(hint, None)),
        None => error,
    }
}

/// Told apart by the place in the server that refuses: the message is in the language of the server.
fn forbidden(fault: &PgDatabaseError) -> Error {
    match fault.routine() {
        Some("ExecWithCheckOptions") => refusal::of_another_tenant(),
        Some("check_enable_rls") => refusal::not_of_all_tenants(),
        // It names the table, or whatever it is, and nothing else.
        _ => refusal::not_granted(fault.message()),
    }
}

/// What the server names. The columns of a key stand in the detail alone.
fn place(fault: &PgDatabaseError) -> Place {
    let columns = match fault.column() {
        Some(column) => vec![column.to_owned()],
        None if fault.constraint().is_some() => detail::columns(fault.detail().unwrap_or_default()),
        None => Vec::new(),
    };
    Place {
        table: fault.table().map(str::to_owned),
        columns,
        constraint: fault.constraint().map(str::to_owned),
    }
}

/// Both ways of breaking a foreign key are told of the table that has it.
fn foreign_key(fault: &PgDatabaseError) -> Error {
    let detail = fault.detail().unwrap_or_default();
    let Some(named) = detail::table(detail) else {
        return refusal::foreign_key();
    };
    let table = fault.table();
    // A table that refers to itself is named either way; then only the message tells.
    if table == Some(named) && !fault.message().starts_with("insert") {
        refusal::pointed_at(table)
    } else {
        refusal::points_nowhere(Some(named), &detail::columns(detail))
    }
}

/// The connection ended in the middle of something.
fn lost() -> Error {
    Error::of(Code::Connection, "the connection to PostgreSQL was lost")
        .with_help("a write may have taken effect: look before trying it again")
}

/// The driver and the server do not understand each other.
fn broken() -> Error {
    Error::new(Kind::Internal, "the connection to PostgreSQL broke down")
}

fn unavailable(message: &'static str) -> Error {
    Error::new(Kind::Unavailable, message)
}
