//! How each database says what the house means.
//!
//! Differences are a [`Capability`] first and a method of [`Dialect`] second; nothing above this
//! module asks which database it is on.

mod capability;
mod condition;
mod ddl;
pub mod dml;
mod pattern;
mod postgres;
mod quote;
mod schema;
mod sqlite;
mod support;
pub mod token;
mod value;
mod written;

pub use capability::Capability;
pub use condition::ConditionDialect;
pub(crate) use ddl::{
    Bounds, SUFFIXES_OF_RULES, can_rebuild, checks_of_rules, enum_type, foreign_key_rules,
    form_of_rule, holds_texts, in_utc, index_definition, is_filled_in_later, keys_lead_somewhere,
    names_constraint, rebuilt_as_written, statements, takes_more,
};
#[doc(hidden)]
pub use ddl::{POLICY, REBUILT_PREFIX, TRIGGER_PREFIX, create_enum_type, tell_narrowing};
pub use ddl::{TENANT_SETTING, TypeChange};
pub use postgres::Postgres;
pub(crate) use quote::within;
pub use quote::{identifier, literal, table_identifier};
pub use schema::SchemaDialect;
pub use sqlite::{CONTAINS_DOCUMENT, Sqlite};
pub use support::can_hold;
pub(crate) use token::{mention, mentions, with_names};
pub use value::ValueDialect;
pub use written::changes_rows;

use crate::query::IfLocked;
use crate::schema::TableName;
use dml::Newness;

/// What one database is and how it spells statements: its tables, the values that go in and out,
/// and what is asked of them. Sealed: the dialects are here.
///
/// Each part is a trait of its own, and a `dyn Dialect` has the methods of all.
pub trait Dialect: SchemaDialect + ValueDialect + ConditionDialect {
    /// The name in the registry and in messages: `postgres`, `sqlite`.
    fn name(&self) -> &'static str;

    /// The name in traces: OpenTelemetry's `db.system.name`.
    fn system_name(&self) -> &'static str;

    /// What the database can do.
    fn capability(&self) -> &'static Capability;

    /// The expression that moves the counter of a serial column past the value that was given for
    /// it in a row just written; none where the database sees to that itself.
    fn count_past(&self, table: &TableName, column: &str) -> Option<String>;

    /// What tells the new rows of an upsert from those that it changes.
    fn newness(&self) -> Newness;

    /// What follows a question whose rows nobody else may change before the transaction ends.
    fn lock_rows(&self, if_locked: IfLocked) -> &'static str;
}

mod sealed {
    pub trait Sealed: Sync {}
    impl Sealed for super::Postgres {}
    impl Sealed for super::Sqlite {}
}
