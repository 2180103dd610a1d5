//! The statements that read and write rows of a model.
//!
//! Every statement that gives rows gives all columns in the order of the model's fields, in the
//! form that `RowSource` takes. Names come from the schema and values are always parameters.

mod aggregate;
mod bulk;
mod condition;
mod create_or_update;
mod draft;
mod feed;
mod joined;
mod newness;
mod page;
mod place;
mod reach;
mod related;
mod select;
mod statement;
mod version;

pub use aggregate::{aggregate, groups};
pub use bulk::{
    Bulk, Order, Set, delete_many, insert_many, load, may_conflict_out_of_reach, update_many,
    upsert_many,
};
pub use create_or_update::create_or_update;
pub use feed::Feed;
pub use newness::Newness;
pub use place::Place;
pub use reach::{Deleted, Reach, Tenants, View};
pub use related::{Reading, owner, related};
pub use select::{count, list};
pub use statement::{Statement, Subject};
pub use version::Version;

use super::{Dialect, table_identifier};
use crate::error::Result;
use crate::query::{Effect, Filter, IfLocked};
use draft::Draft;

/// A field that an existing row is given a new value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// The position of the field in its model.
    pub position: usize,
    /// What the value does to the one that the row holds.
    pub effect: Effect,
    /// Whether a parameter, true or false, says for each row if the value is set or the row keeps
    /// its own. So rows that change different fields share one statement.
    pub is_optional: bool,
}

/// A new row. Parameters: the fields at `positions`; the others take their defaults. Gives the row.
pub fn insert<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    positions: &[usize],
) -> Statement {
    let mut draft = Draft::new(view, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    draft.returning_new(positions).of_one_row()
}

/// A new row, or a change of the row that has the same values at `conflict`. Parameters: the fields
/// at `positions`, then the flag of each optional change. Gives the row, then whether it is new; none
/// where the one it conflicts with is not reached.
pub fn upsert<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    positions: &[usize],
    conflict: &[usize],
    changes: &[Assignment],
) -> Statement {
    let mut draft = Draft::new(view, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    let assignments = changes.iter().map(|change| {
        let column = draft.column(change.position);
        let new = format!("excluded.{column}");
        draft.assignment(change, &new)
    });
    let assignments = assignments.collect();
    draft.on_conflict(conflict, assignments);
    draft.returning_upserted(positions).of_one_row()
}

/// The row of a key. Parameters: the fields of the key.
pub fn select_by_key<'a>(view: impl Into<View<'a>>, dialect: &'a dyn Dialect) -> Statement {
    let mut draft = Draft::new(view, dialect, "SELECT ");
    draft.select_from();
    draft.where_key(Version::Any);
    draft.finish().of_one_row()
}

/// A change of the row of a key. Parameters: for each change its flag where it is optional and its
/// value, then the fields of the key, then the version where one is given. Gives the row, or none.
/// There MUST be a change, unless the model counts them.
pub fn update<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    changes: &[Assignment],
    version: Version,
) -> Statement {
    let mut draft = Draft::changing(view, dialect, changes);
    draft.where_key(version);
    draft.returning().of_one_row()
}

/// A change of the rows that a filter lets through. Parameters: for each change its flag where it is
/// optional and its value, then the values of the filter. Gives no row. There MUST be a change.
///
/// # Errors
///
/// As [`list`].
pub fn update_where<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    changes: &[Assignment],
    filter: &'a Filter,
) -> Result<Statement> {
    let mut draft = Draft::changing(view, dialect, changes);
    draft.where_filter(filter)?;
    Ok(draft.finish())
}

/// Removes the row of a key. Parameters: the time, where the row stays with it; the fields of the
/// key, then the version where one is given. Gives no row.
pub fn delete<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    version: Version,
) -> Statement {
    let mut draft = Draft::removing(view, dialect);
    draft.where_key(version);
    draft.finish()
}

/// Removes the rows that a filter lets through. Parameters: the time, where the rows stay with it;
/// the values of the filter. Gives no row.
///
/// # Errors
///
/// As [`list`].
pub fn delete_where<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    filter: &'a Filter,
) -> Result<Statement> {
    let mut draft = Draft::removing(view, dialect);
    draft.where_filter(filter)?;
    Ok(draft.finish())
}

/// Removes the row of a key for good. Parameter: the key. Gives no row.
pub fn purge<'a>(view: impl Into<View<'a>>, dialect: &'a dyn Dialect) -> Statement {
    let mut draft = Draft::new(view, dialect, "DELETE FROM ");
    draft.sql.push_str(&table_identifier(&draft.model.table));
    draft.where_key(Version::Any);
    draft.finish()
}

/// A removal that gives the rows it removes, as they are then.
pub fn giving_rows<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    removal: &Statement,
) -> Statement {
    let row = Draft::new(view, dialect, "").row();
    removal.followed_by(&format!(" RETURNING {row}"))
}

/// A question whose rows nobody else may change before the transaction ends.
pub fn locking(dialect: &dyn Dialect, question: &Statement, if_locked: IfLocked) -> Statement {
    question.followed_by(dialect.lock_rows(if_locked))
}

#[cfg(test)]
#[cfg(all(feature = "decimal", feature = "derive"))]
mod tests;
