//! Reading rows.

use super::Statement;
use super::draft::Draft;
use super::page::Page;
use crate::dialect::{Dialect, identifier};
use crate::error::{Error, Kind, Result};
use crate::query::{Filter, Listing, Order};
use crate::schema::{FieldType, ModelSchema};

/// A page of rows. Parameters: the values of the filter, those to start after that are not null,
/// how many rows, and how many to pass over where the listing begins so. Gives the columns of the
/// listing.
///
/// # Errors
///
/// [`Kind::Unsupported`] for a test or an order that this database cannot make: SQLite keeps
/// decimals as text, which has another order, and JSON documents as text, which is not equal where
/// documents are.
pub fn list(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    filter: &Filter,
    listing: &Listing,
) -> Result<Statement> {
    let mut draft = Draft::new(model, dialect, "SELECT ");
    draft.database_can_sort(listing.order())?;
    draft.database_can_measure(listing.aggregates())?;
    let columns = listing.columns(model);
    let conditions = draft.conditions(filter)?;
    let page = Page::write(&mut draft, listing, conditions);
    let row = draft.row_of(&columns);
    draft.sql.push_str(&row);
    for by in listing.related() {
        let value = draft.related_value(by);
        draft.sql.push_str(", ");
        draft.sql.push_str(&value);
    }
    for measure in 0..listing.aggregates().len() {
        draft.sql.push_str(", ");
        let measure = draft.measured(listing.aggregates(), measure);
        draft.sql.push_str(&measure);
    }
    draft.sql.push_str(&page);
    Ok(draft.finish())
}

/// How many rows a filter lets through. Parameters: the values of the filter. Gives one integer.
///
/// # Errors
///
/// As [`list`].
pub fn count(model: &ModelSchema, dialect: &dyn Dialect, filter: &Filter) -> Result<Statement> {
    let mut draft = Draft::new(model, dialect, "SELECT count(*) FROM ");
    draft.sql.push_str(&identifier(&model.table));
    draft.where_filter(filter)?;
    Ok(draft.finish())
}

impl Draft<'_> {
    pub(super) fn database_can_sort(&self, order: &[Order]) -> Result<()> {
        let orders_decimals = self.dialect.capability().orders_decimals;
        let is_unsorted = |order: &&Order| match order.by.field(self.model).field_type {
            FieldType::Json => true,
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
