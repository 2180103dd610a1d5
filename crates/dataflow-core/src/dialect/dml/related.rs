//! The rows that a relation leads to from many rows at once.
//!
//! ```text
//! SELECT "id", "title", …, "=owner"
//! FROM (SELECT "posts".*, "posts"."author_id" AS "=owner" FROM "posts"
//!       WHERE "posts"."author_id" = ANY (…$1…)) AS "posts"
//! ORDER BY "id" LIMIT $2
//! ```
//!
//! All keys are one parameter, so that the statement is the same for any number of rows.

use super::draft::Draft;
use super::joined::and_all;
use super::page::{order_by, where_all};
use super::{Reach, Statement, View};
use crate::dialect::{Dialect, identifier, table_identifier};
use crate::error::Result;
use crate::query::{Filter, Link, Listing, Path};
use crate::schema::{Field, FieldType};

/// Which of the rows that a relation leads to are read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Their columns and order.
    pub listing: Listing,
    /// Whether a parameter says how many rows there are at the most for each key.
    pub is_limited: bool,
}

/// The rows that a relation leads to from rows with certain keys. Parameters: the paths of the
/// listing, the keys as one JSON array, the values of the filter, how many rows for each key where that is limited, and how many
/// in all. Gives the columns of the listing, and the key that leads to the row.
///
/// # Errors
///
/// As [`list`](super::list).
pub fn related(
    link: &Link,
    reach: Reach,
    dialect: &dyn Dialect,
    filter: &Filter,
    reading: &Reading,
) -> Result<Statement> {
    let listing = &reading.listing;
    let model = &**link.target();
    let mut draft = Draft::new(View { model, reach }, dialect, "SELECT ");
    draft.database_can_sort(listing.order())?;
    let table = identifier(&model.table.name);
    let source = draft.source(&listing.beside());
    let mut source = draft.owned(link, &source);
    let conditions = draft.conditions(filter)?;
    let mut conditions = where_all(&conditions);
    let order = order_by(&draft, listing.order());
    if reading.is_limited {
        source = format!(
            "(SELECT *, row_number() OVER (PARTITION BY {OWNER} ORDER BY {order}) AS {PLACE} \
             FROM {source}{conditions}) AS {table}"
        );
        let limit = draft.typed_parameter(FieldType::I64);
        conditions = format!(" WHERE {PLACE} <= {limit}");
    }
    let limit = draft.typed_parameter(FieldType::I64);
    let row = draft.given(&listing.columns(model));
    let owner = dialect.readable(OWNER, &owner(link).field_type);
    draft.sql.push_str(&format!(
        "{row}, {owner} FROM {source}{conditions} ORDER BY {order} LIMIT {limit}"
    ));
    Ok(draft.finish())
}

/// The field that holds the key which leads to a row.
pub fn owner(link: &Link) -> &Field {
    match link.path() {
        Path::Own(_) => link.target().key_field(),
        Path::Theirs(field) => &link.target().fields[*field],
        Path::Between { model, here, .. } => &model.fields[*here],
    }
}

/// The columns of a row that are none of its table's. No column is called so.
const OWNER: &str = "\"=owner\"";
const PLACE: &str = "\"=place\"";

impl Draft<'_> {
    /// The rows with a key of a list, each with that key.
    fn owned(&mut self, link: &Link, source: &str) -> String {
        let table = identifier(&self.model.table.name);
        let list = self.typed_parameter(FieldType::Json);
        let owner = owner(link);
        let column = identifier(&owner.column);
        let (holder, join, is_reached) = match link.path() {
            Path::Own(_) | Path::Theirs(_) => (table.clone(), String::new(), String::new()),
            Path::Between { model, there, .. } => {
                let between = identifier("=between");
                let join = format!(
                    " JOIN {} AS {between} ON {between}.{} = {table}.{}",
                    table_identifier(&model.table),
                    identifier(&model.fields[*there].column),
                    identifier(&self.model.key_field().column),
                );
                let is_reached = and_all(&self.reached_beside(model, &between));
                (between, join, is_reached)
            }
        };
        let owner_column = format!("{holder}.{column}");
        let is_listed = self
            .dialect
            .is_in_list(&owner_column, &list, &owner.field_type);
        format!(
            "(SELECT {table}.*, {owner_column} AS {OWNER} FROM {source}{join} \
             WHERE {is_listed}{is_reached}) AS {table}"
        )
    }
}
