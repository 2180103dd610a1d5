//! What PostgreSQL and the way to it say, in the words of the house.

use std::io;
use std::time::Duration;

use dataflow_core::endpoint::PostgresEndpoint;
use dataflow_core::error::{Error, Kind};
use postgres::error::{DbError, ErrorPosition, SqlState};

use super::{beginning, within_statement};

/// The error of a call to the driver.
pub(crate) fn translate(endpoint: &PostgresEndpoint, fault: &postgres::Error) -> Error {
    match fault.as_db_error() {
        Some(answer) => answered(endpoint, answer),
        None => unanswered(endpoint, fault),
    }
}

/// The error of statements that were sent together. Where the server did not understand one, it tells
/// at which of their characters it stopped, or keeps that to itself.
pub(crate) fn translate_together(
    endpoint: &PostgresEndpoint,
    statements: &str,
    fault: &postgres::Error,
) -> Error {
    let error = translate(endpoint, fault);
    let mut statements = statements.split_inclusive(";\n");
    let Some(answer) = fault.as_db_error() else {
        return error;
    };
    let Some(ErrorPosition::Original(position)) = answer.position() else {
        return match answer.code().code().starts_with("42") {
            true => error.with_details(
                statements
                    .filter_map(|statement| Some(format!("perhaps by {}", beginning(statement)?)))
                    .collect(),
            ),
            false => error,
        };
    };
    let mut left = *position as usize;
    let refused = statements.find(|statement| {
        let length = statement.chars().count();
        let is_here = left <= length;
        left = left.saturating_sub(length);
        is_here
    });
    match refused {
        Some(statement) => within_statement(error, statement),
        None => error,
    }
}

/// The name of the host leads nowhere.
pub(crate) fn unresolved(endpoint: &PostgresEndpoint, fault: io::Error) -> Error {
    let message = format!("host {:?} cannot be found", endpoint.host);
    Error::new(Kind::Unavailable, message)
        .with_source(fault)
        .with_help("check the host in the database url, and the name service of this machine")
}

/// The deadline for connecting has passed.
pub(crate) fn timed_out(endpoint: &PostgresEndpoint, timeout: Duration) -> Error {
    let message = format!("connect_timeout has passed: {endpoint} did not answer in {timeout:?}");
    Error::new(Kind::Timeout, message)
        .with_help("check host, port and firewall, or raise connect_timeout")
}

/// Somebody else uses what is to be changed.
pub(crate) fn lock_not_available() -> Error {
    Error::new(
        Kind::Timeout,
        "lock_timeout has passed: another session holds a lock on a table that is to change",
    )
    .with_help("end the session that holds it, or raise lock_timeout; nothing was changed")
}

/// What the server answered.
fn answered(endpoint: &PostgresEndpoint, answer: &DbError) -> Error {
    let code = answer.code();
    let unavailable = |message: String| Error::new(Kind::Unavailable, message);
    let said = answer.message();
    if *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
    {
        return unavailable(format!("{endpoint} refuses user {:?}", endpoint.user)).with_help(
            "check user and password in the database url, and the server's pg_hba.conf",
        );
    }
    if *code == SqlState::UNDEFINED_DATABASE {
        return unavailable(format!("database {:?} does not exist", endpoint.database))
            .with_help("create it, or correct the database url");
    }
    if *code == SqlState::LOCK_NOT_AVAILABLE {
        return lock_not_available();
    }
    if *code == SqlState::QUERY_CANCELED && said.ends_with("user request") {
        return unavailable("somebody has stopped the statement".to_owned())
            .with_help("start again; nothing was changed");
    }
    if *code == SqlState::QUERY_CANCELED {
        return Error::new(Kind::Timeout, "statement_timeout has passed")
            .with_help("raise statement_timeout; nothing was changed");
    }
    if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        let user = &endpoint.user;
        let help = match answer.routine() {
            Some("check_enable_rls") => {
                "a step has to see the rows of every tenant: let ddl_url name a role that has \
                 BYPASSRLS"
                    .to_owned()
            }
            _ => format!("grant role {user:?} what is missing, or migrate as a role that has it"),
        };
        return Error::new(Kind::Forbidden, format!("{endpoint} refuses: {said}")).with_help(help);
    }
    if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return unavailable(format!("{endpoint} cannot be written to: {said}"))
            .with_help("name the primary server, or only verify");
    }
    if *code == SqlState::DISK_FULL {
        return unavailable(format!(
            "{endpoint}: the disk of the server is full: {said}"
        ))
        .with_help("make room, then start again; nothing was changed");
    }
    match &code.code()[..2] {
        // Whoever wrote the rows, what they hold stays out of the message.
        "22" | "23" => refused_rows(answer),
        "08" | "28" | "53" | "57" => unavailable(format!("{endpoint}: {said}")),
        "0A" | "2B" | "3F" | "42" | "55" => Error::new(Kind::Schema, said.to_owned()),
        "40" => Error::new(Kind::Unavailable, said.to_owned()).with_help("start again"),
        other => Error::new(
            Kind::Internal,
            format!(
                "{endpoint} failed with SQLSTATE {} (class {other})",
                code.code()
            ),
        ),
    }
}

/// Rows that are there do not fit what is to be made.
fn refused_rows(answer: &DbError) -> Error {
    let code = answer.code();
    let what = if *code == SqlState::UNIQUE_VIOLATION {
        "rows hold duplicate values"
    } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
        "rows point at rows that do not exist"
    } else if *code == SqlState::NOT_NULL_VIOLATION {
        "rows hold null"
    } else {
        "rows hold values that do not fit"
    };
    let mut place = String::new();
    for (word, name) in [
        ("table", answer.table()),
        ("column", answer.column()),
        ("constraint", answer.constraint()),
    ] {
        if let Some(name) = name {
            let separator = if place.is_empty() { "" } else { ", " };
            place.push_str(&format!("{separator}{word} {name:?}"));
        }
    }
    let message = match place.is_empty() {
        true => format!("{what} (SQLSTATE {})", code.code()),
        false => format!("{place}: {what}"),
    };
    Error::new(Kind::Schema, message).with_help("correct the rows first; nothing was changed")
}

/// The way to the server failed, or the driver itself refused.
fn unanswered(endpoint: &PostgresEndpoint, fault: &postgres::Error) -> Error {
    let mut cause: &(dyn std::error::Error + 'static) = fault;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if let Some(io) = cause.downcast_ref::<io::Error>()
        && io.kind() == io::ErrorKind::TimedOut
    {
        return Error::new(
            Kind::Timeout,
            format!("connect_timeout has passed: {endpoint} did not answer"),
        )
        .with_help("check host, port and firewall, or raise connect_timeout");
    }
    let help = match cause.to_string() {
        text if text.contains("does not support TLS") => {
            "turn ssl on in the server, or use sslmode=prefer or sslmode=disable"
        }
        text if text.contains("certificate") => {
            "name the certificate that signed the server's with sslrootcert, and the host that it \
             names; or use a weaker sslmode"
        }
        text if text.contains("password missing") => "put the password into the database url",
        _ => "check host, port and firewall, and whether the server runs",
    };
    Error::new(
        Kind::Unavailable,
        format!("{endpoint} cannot be reached: {cause}"),
    )
    .with_help(help)
}
