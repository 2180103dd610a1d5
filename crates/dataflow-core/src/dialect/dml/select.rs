//! Reading rows.

use super::draft::Draft;
use super::page::{Page, where_all};
use super::{Statement, View};
use crate::dialect::{Dialect, identifier, table_identifier};
use crate::error::{Error, Kind, Result};
use crate::query::{By, Filter, Listing, Order};
use crate::schema::FieldType;

/// A page of rows. Parameters: the values of the filter, the paths of the listing, the values to
/// start after that are not null, how many rows, and how many to pass over where the listing begins so. Gives the columns of the
/// listing.
///
/// # Errors
///
/// [`Kind::Unsupported`] for a test or an order that this database cannot make: SQLite keeps
/// decimals as text, which has another order, and JSON documents as text, which is not equal where
/// documents are.
pub fn list<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    filter: &'a Filter,
    listing: &Listing,
) -> Result<Statement> {
    let mut draft = Draft::new(view, dialect, "SELECT ");
    draft.database_can_sort(listing.order())?;
    let columns = listing.columns(draft.model);
    let mut conditions = draft.conditions(filter)?;
    let source = match listing.is_distinct() {
        false => draft.source(&listing.beside()),
        true => draft.once(&columns, &std::mem::take(&mut conditions)),
    };
    let page = Page::write(&mut draft, source, listing, conditions);
    let row = draft.given(&columns);
    draft.sql.push_str(&row);
    draft.sql.push_str(&page);
    Ok(draft.finish())
}

/// How many rows a filter lets through. Parameters: the values of the filter. Gives one integer.
///
/// # Errors
///
/// As [`list`].
pub fn count<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    filter: &'a Filter,
) -> Result<Statement> {
    let mut draft = Draft::new(view, dialect, "SELECT count(*) FROM ");
    draft.sql.push_str(&table_identifier(&draft.model.table));
    draft.where_filter(filter)?;
    Ok(draft.finish())
}

impl Draft<'_> {
    /// The rows of the table that are alike in some columns, once.
    fn once(&self, columns: &[By], conditions: &[String]) -> String {
        let own: Vec<usize> = columns.iter().filter_map(By::as_own).collect();
        let columns = self.columns(&own);
        let table = &self.model.table;
        format!(
            "(SELECT DISTINCT {columns} FROM {}{}) AS {}",
            table_identifier(table),
            where_all(conditions),
            identifier(&table.name)
        )
    }

    pub(super) fn database_can_sort(&self, order: &[Order]) -> Result<()> {
        let orders_decimals = self.dialect.capability().orders_decimals;
        let is_unsorted = |order: &&Order| match order.by.field_type(self.model) {
            FieldType::Json | FieldType::Array(_) => true,
            FieldType::Decimal => !orders_decimals,
            _ => false,
        };
        let Some(order) = order.iter().find(is_unsorted) else {
            return Ok(());
        };
        let (model, field) = (&self.model.name, order.by.name(self.model));
        let dialect = self.dialect.name();
        let message = format!("model {model:?}: field {field:?} cannot be sorted by on {dialect}");
        Err(Error::new(Kind::Unsupported, message).with_help("sort by another field"))
    }
}

#[cfg(test)]
#[cfg(all(feature = "decimal", feature = "derive"))]
mod tests;
