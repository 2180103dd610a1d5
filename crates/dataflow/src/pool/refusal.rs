//! What either database can say, in the words of the house.
//!
//! The drivers' own errors are told apart beside each driver; their messages may quote values, so
//! none of them is passed on. Faults name columns: whoever knows the model puts fields in their
//! place.

use std::time::Duration;

use dataflow_core::Error;
use dataflow_core::error::{Code, Fault, FaultCode, Kind, Place};

/// Another row has the values of these columns.
pub(crate) fn unique(table: Option<&str>, columns: &[String]) -> Error {
    let rows = of_table("another row", table);
    let message = match columns {
        [] => format!("{rows} has these values"),
        [column] => format!("{rows} has this {column:?}"),
        many => format!("{rows} has these {}", quoted(many)),
    };
    let faults = columns
        .iter()
        .map(|column| Fault::of_field(column, FaultCode::Unique, "another row has this value"));
    Error::new(Kind::Unique, message).with_faults(faults.collect())
}

/// These columns point at a row that does not exist.
pub(super) fn points_nowhere(table: Option<&str>, columns: &[String]) -> Error {
    let message = format!(
        "no row{} is named by {}",
        table.map_or_else(String::new, |table| format!(" of {table:?}")),
        quoted(columns)
    );
    let faults = columns
        .iter()
        .map(|column| Fault::of_field(column, FaultCode::Reference, "no such row"));
    Error::new(Kind::ForeignKey, message).with_faults(faults.collect())
}

/// Other rows point at the row.
pub(super) fn pointed_at(table: Option<&str>) -> Error {
    let rows = of_table("a row", table);
    Error::new(Kind::ForeignKey, format!("{rows} points at this row"))
        .with_help("delete or change the rows that point at it first")
}

/// A foreign key refuses, and the database does not say which way.
pub(super) fn foreign_key() -> Error {
    Error::new(
        Kind::ForeignKey,
        "a foreign key refuses this: it names a row that does not exist, or is named by another",
    )
}

/// A column that needs a value has none.
pub(super) fn required(column: &str) -> Error {
    let fault = Fault::of_field(column, FaultCode::Required, "a value is required");
    Error::invalid(vec![fault])
}

/// A column that needs a value has none, and the database does not say which.
pub(super) fn required_somewhere() -> Error {
    Error::of(Code::NotNull, "a required value is missing")
}

/// A check constraint refuses.
pub(super) fn check(constraint: &str) -> Error {
    let message = format!("the check {constraint:?} of the table refuses this");
    Error::of(Code::Check, message)
}

/// A rule of the table refuses that the database alone knows: a trigger, mostly. What it says may
/// quote the row, so that only the constraint is told that it names.
pub(super) fn rule(constraint: Option<&str>) -> Error {
    match constraint {
        Some(constraint) => check(constraint),
        None => Error::of(Code::Check, "a trigger of the table refuses this"),
    }
}

/// A row would not be seen by the view that it is written through.
pub(super) fn beyond_view() -> Error {
    let message = "the view has a check option, and would not show this row";
    Error::of(Code::Check, message)
}

/// A value is longer than its column, or an index of it, can hold.
pub(super) fn too_long(why: &'static str) -> Error {
    Error::of(Code::TooLong, why)
}

/// A value is outside of what its column can hold.
pub(super) fn out_of_range() -> Error {
    Error::of(
        Code::OutOfRange,
        "a value is out of the range of its column",
    )
}

/// A value does not fit into its column.
pub(super) fn value(why: &'static str) -> Error {
    Error::new(Kind::Invalid, why)
}

/// The database has no larger key to give out.
pub(crate) fn keys_exhausted() -> Error {
    Error::of(
        Code::KeysExhausted,
        "the key that the database counts up has reached its end",
    )
    .with_help("give the key a wider type, or set the counter back below keys that are free")
}

/// The database does not have what the statement names.
pub(super) fn schema(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::Schema, message).with_help("synchronize the models with the database")
}

/// A row has fewer columns than are read.
pub(super) fn missing_column(ordinal: usize) -> Error {
    Error::new(Kind::Internal, format!("the row has no column {ordinal}"))
}

/// A column of a row holds something else than is read.
pub(super) fn mismatch(ordinal: usize, name: Option<&str>, what: &str) -> Error {
    let column = column(ordinal, name);
    let message = format!("{column} of the row does not hold {what}");
    Error::new(Kind::Internal, message).with_place(place(name))
}

/// A column of a row holds nothing.
pub(super) fn null(ordinal: usize, name: Option<&str>, what: &str) -> Error {
    let column = column(ordinal, name);
    let message = format!("{column} of the row is null, where {what} is read");
    let error = Error::new(Kind::Internal, message).with_place(place(name));
    error.with_help("read it as an Option")
}

fn place(column: Option<&str>) -> Place {
    Place {
        columns: column.map(str::to_owned).into_iter().collect(),
        ..Place::default()
    }
}

fn column(ordinal: usize, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("column {ordinal} ({name:?})"),
        None => format!("column {ordinal}"),
    }
}

/// A statement waited too long for its turn.
pub(super) fn acquire_timeout(patience: Duration) -> Error {
    let message = format!("acquire_timeout of {patience:?} has passed: the database is busy");
    Error::new(Kind::Timeout, message)
        .with_help("raise acquire_timeout or connection_pool_size, or ask for less at once")
}

/// A statement ran too long.
pub(super) fn statement_timeout() -> Error {
    Error::new(
        Kind::Timeout,
        "statement_timeout has passed: the database was stopped at its work",
    )
    .with_help("raise statement_timeout, or ask for less")
}

/// A transaction did nothing for too long.
pub(super) fn idle_timeout() -> Error {
    Error::new(
        Kind::Timeout,
        "transaction_idle_timeout has passed: the transaction was rolled back",
    )
    .with_help("do in a transaction only what belongs to it, or raise transaction_idle_timeout")
}

/// Two transactions were in each other's way, and this one gave in.
pub(super) fn contention(what: &'static str) -> Error {
    Error::new(Kind::Contention, what).with_help("try again")
}

/// A row would be another tenant's than the one it is written for.
pub(super) fn of_another_tenant() -> Error {
    let message = "a row belongs to another tenant than the one on whose behalf it is written";
    Error::new(Kind::Forbidden, message)
        .with_help("write it through db.tenant(\"…\") of its own tenant")
}

/// The rows of all tenants are asked for, by a role that is shown those of one.
pub(super) fn not_of_all_tenants() -> Error {
    let message = "row-level security keeps the rows of all tenants from the role that connects";
    Error::new(Kind::Unsupported, message)
        .with_help("connect as a role that has BYPASSRLS for work without tenant isolation")
}

/// The role that connects may not do this.
pub(super) fn not_granted(what: &str) -> Error {
    let message = format!("the role that connects lacks a privilege: {what}");
    Error::of(Code::Privilege, message)
        .with_help("grant it what is missing, or connect as a role that has it")
}

/// The pool is closed.
pub(super) fn closed() -> Error {
    Error::new(Kind::Unavailable, "the connections are closed")
}

fn of_table(rows: &str, table: Option<&str>) -> String {
    match table {
        Some(table) => format!("{rows} of {table:?}"),
        None => rows.to_owned(),
    }
}

fn quoted(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| format!("{column:?}")).collect();
    quoted.join(", ")
}
