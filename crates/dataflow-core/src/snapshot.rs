//! Tables, as a database has them or should have them.
//!
//! The models of a set, seen through a dialect, and the catalogue of a database, read by an
//! executor, are the same kind of value; a [`plan`](crate::plan) is the difference of two of them.
//! Types and defaults are texts as the catalogue spells them, so that equal means equal.

mod alike;
mod desired;
mod enum_type;
mod existing;
mod index;
mod row_security;
mod trigger;

pub(crate) use alike::{respelled, with_types_that_are_there};
pub(crate) use desired::{constraint_name, not_null_name};
pub use desired::{desired, foreign_key_name, guard_name, unique_columns, unique_name};
pub use enum_type::EnumType;
pub use existing::{Attachment, Definition, Existing, Sight};
pub use index::{Index, IndexKey, IndexMember};
pub use row_security::RowSecurity;
pub use trigger::Trigger;

use std::fmt;

use crate::schema::{self, Action, Kept, TableName};

/// The tables of a database: those that a set of models declares, or those of them that exist.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DatabaseSnapshot {
    /// The schemas that exist, of those that tables name.
    pub schemas: Vec<String>,
    /// The tables. The desired ones stand after those they point at.
    pub tables: Vec<Table>,
    /// The types of named values that columns can have, where the database knows any.
    pub enum_types: Vec<EnumType>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What it is called.
    pub name: TableName,
    /// Its columns; the order carries no meaning.
    pub columns: Vec<Column>,
    /// The columns of its primary key, in order.
    pub primary_key: Vec<String>,
    /// Its indexes, without that of the primary key. A unique constraint counts as its index.
    pub indexes: Vec<Index>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its conditions.
    pub checks: Vec<Check>,
    /// What writes down the changes of its rows, in the order of names; none where that is left as
    /// it is found.
    pub triggers: Option<Vec<Trigger>>,
    /// Whose rows the database shows, where not everybody's to everybody.
    pub row_security: Option<RowSecurity>,
    /// What is said about it.
    pub comment: Option<String>,
    /// Whether SQLite keeps its rows by their key alone.
    pub without_rowid: bool,
    /// What only a table that exists has.
    pub existing: Existing,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as the catalogue spells it: PostgreSQL's `format_type`, but the quoted name of an
    /// [enum type](EnumType); SQLite's declared type.
    pub column_type: String,
    /// Whether it takes null.
    pub nullable: bool,
    /// The default as the catalogue spells it.
    pub default: Option<String>,
    /// Whether the database counts it up: an identity column, a serial, SQLite's rowid alias.
    pub is_serial: bool,
    /// How it is computed, where it is.
    pub generated: Option<Generated>,
    /// What keeps it to its type where the database's own type is wider. A column that somebody
    /// else made has none and needs none.
    pub guard: Option<Guard>,
    /// How much of its type it takes, where a condition says so and not the type.
    pub limit: Option<Limit>,
    /// The type that it may have in the place of its own, where somebody else made it so.
    pub adopts: Option<String>,
    /// How its texts are compared, when that is not as the database does.
    pub collation: Option<String>,
    /// What is said about it.
    pub comment: Option<String>,
}

/// How a column is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The expression.
    pub expression: String,
    /// When it is computed.
    pub kept: Kept,
}

/// A condition that every row fulfills.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Check {
    /// Its name; empty where SQLite was told none.
    pub name: String,
    /// The condition.
    pub expression: String,
}

/// A condition that keeps the values of a column to the type of its field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    /// Its name, which the database gives when it refuses a value.
    pub name: String,
    /// The condition, as SQL.
    pub condition: String,
}

/// A condition that says how much of its type a column takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Its name; empty where SQLite was told none. It carries no meaning in a comparison.
    pub name: String,
    /// How much.
    pub takes: schema::Limit,
    /// Whether the values are times of day, whose seconds stand elsewhere in their text than those of
    /// times with a day.
    pub of_day: bool,
}

/// One foreign key of one column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForeignKey {
    /// Its name; SQLite gives none back, so it carries no meaning in a comparison.
    pub name: String,
    /// The column that points.
    pub column: String,
    /// The table pointed at.
    pub referenced_table: TableName,
    /// The column pointed at.
    pub referenced_column: String,
    /// What becomes of the row when the one it points at is deleted.
    pub on_delete: Action,
    /// What becomes of the row when the key it points at changes.
    pub on_update: Action,
    /// Whether it is checked when the transaction ends.
    pub deferred: bool,
}

/// `(price * amount), stored`.
impl fmt::Display for Generated {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = match self.kept {
            Kept::Stored => "stored",
            Kept::Virtual => "virtual",
        };
        write!(formatter, "({}), {kept}", self.expression)
    }
}

impl DatabaseSnapshot {
    /// The table of a name, to be changed.
    pub(crate) fn table_mut(&mut self, name: &TableName) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.name == *name)
    }

    /// The enum type of a name.
    pub fn enum_type(&self, name: &str) -> Option<&EnumType> {
        self.enum_types.iter().find(|known| known.name == name)
    }

    /// The table of a name.
    pub fn table(&self, name: &TableName) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }
}

impl Column {
    /// Whether it is computed when its row is written.
    pub fn is_stored(&self) -> bool {
        let generated = self.generated.as_ref();
        generated.is_some_and(|generated| generated.kept == Kept::Stored)
    }

    /// Whether rows can be written without a value for it.
    pub(crate) fn is_left_out_by_writers(&self) -> bool {
        self.nullable || self.default.is_some() || self.is_serial || self.generated.is_some()
    }

    /// Whether it is to be computed, and in another way than one that exists.
    pub(crate) fn is_computed_otherwise(&self, existing: &Self) -> bool {
        self.generated.is_some() && self.generated != existing.generated
    }

    /// How much of its type it takes, where a condition says so.
    pub fn takes(&self) -> Option<schema::Limit> {
        self.limit.as_ref().map(|limit| limit.takes)
    }

    /// Whether it takes as much as another one, of values that are written alike.
    pub(crate) fn is_limited_as(&self, other: &Self) -> bool {
        let limit = |column: &Self| {
            let limit = column.limit.as_ref()?;
            Some((limit.takes, limit.of_day))
        };
        limit(self) == limit(other)
    }

    /// Whether the default is a literal, not computed for each row.
    pub fn has_constant_default(&self) -> bool {
        self.default.as_deref().is_some_and(is_constant)
    }
}

/// Whether an expression is a literal.
pub(crate) fn is_constant(expression: &str) -> bool {
    matches!(expression, "true" | "false")
        || expression.parse::<f64>().is_ok()
        || is_literal(expression.strip_prefix('X').unwrap_or(expression))
}

/// Whether a text is one in apostrophes, perhaps with a type, and nothing more.
fn is_literal(default: &str) -> bool {
    let is_text = |text: &str| {
        let inner = text
            .strip_prefix('\'')
            .and_then(|rest| rest.strip_suffix('\''));
        inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
    };
    let of_type = |(text, column_type): (&str, &str)| {
        let is_name = |letter: char| letter.is_alphanumeric() || " _\"(),.[]".contains(letter);
        is_text(text) && column_type.chars().all(is_name)
    };
    is_text(default) || default.rsplit_once("::").is_some_and(of_type)
}

impl Table {
    /// What tells its rows apart: the columns of its primary key, or where it has none, those of each
    /// unique index whose columns all refuse null.
    pub fn keys(&self) -> impl Iterator<Item = Vec<&String>> {
        let primary = Some(self.primary_key.iter().collect());
        let primary = primary.filter(|key: &Vec<&String>| !key.is_empty());
        let refuses_null = |name: &&String| {
            let column = self.column(name);
            column.is_some_and(|column| !column.nullable)
        };
        let unique = self.indexes.iter().filter_map(Index::unique_columns);
        let unique = unique.filter(move |columns| columns.iter().all(refuses_null));
        let has_none = self.primary_key.is_empty();
        primary.into_iter().chain(unique.filter(move |_| has_none))
    }

    /// The expressions over its columns: those of checks, guards, computed columns and indexes.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &String> {
        let checks = self.checks.iter().map(|check| &check.expression);
        let of_columns = self.columns.iter().flat_map(|column| {
            let guard = column.guard.as_ref().map(|guard| &guard.condition);
            let generated = column.generated.as_ref();
            let generated = generated.map(|generated| &generated.expression);
            guard.into_iter().chain(generated)
        });
        let indexes = self.indexes.iter().flat_map(Index::expressions);
        checks.chain(of_columns).chain(indexes)
    }

    /// As [`expressions`](Self::expressions), to be changed.
    pub(crate) fn expressions_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let checks = self.checks.iter_mut().map(|check| &mut check.expression);
        let of_columns = self.columns.iter_mut().flat_map(|column| {
            let guard = column.guard.as_mut();
            let guard = guard.map(|guard| &mut guard.condition);
            let generated = column.generated.as_mut();
            let generated = generated.map(|generated| &mut generated.expression);
            guard.into_iter().chain(generated)
        });
        let indexes = self.indexes.iter_mut().flat_map(Index::expressions_mut);
        checks.chain(of_columns).chain(indexes)
    }

    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}
