//! The operations that read many rows.

use std::sync::Arc;

use dataflow_core::dialect::Dialect;
use dataflow_core::error::Kind;
use dataflow_core::node::ModelVerb;
use dataflow_core::query::{Aggregate, Filter, Listing, Order, Start, cursor_of, starting_after};
use dataflow_core::schema::FieldType;
use dataflow_core::{Error, ModelSchema, Result, Value};

use super::Table;
use crate::collect::{Integer, Keyed};
use crate::pool::Rows;

/// Which rows a list gives, in which order, and what of them.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) filter: Filter,
    pub(crate) order: Vec<Order>,
    /// The fields, by position; none for all of them.
    pub(crate) fields: Option<Vec<usize>>,
    /// Whether rows that are alike in these fields are given once.
    pub(crate) is_distinct: bool,
    /// What the rows that are alike in these fields come to; without fields, all rows.
    pub(crate) aggregates: Vec<Aggregate>,
    pub(crate) from: Beginning,
    /// The most rows.
    pub(crate) limit: usize,
}

/// Where a list begins.
#[derive(Debug, Clone)]
pub(crate) enum Beginning {
    /// At the first row.
    FirstRow,
    /// After so many rows.
    Offset(usize),
    /// After the row of a cursor.
    Cursor(String),
}

impl Selection {
    /// The names and types of what a row is made of; none for all fields of the model.
    pub(crate) fn columns(&self, model: &ModelSchema) -> Option<Vec<(String, FieldType)>> {
        if self.fields.is_none() && self.aggregates.is_empty() {
            return None;
        }
        let fields = self.fields.iter().flatten().map(|position| {
            let field = &model.fields[*position];
            (field.name.to_string(), field.field_type.clone())
        });
        let aggregates = self
            .aggregates
            .iter()
            .filter_map(|aggregate| Some((aggregate.name(model), aggregate.field_type(model)?)));
        Some(fields.chain(aggregates).collect())
    }

    /// How its rows are listed, and the values that say where: those to begin after, and the offset.
    fn listing(&self, model: &ModelSchema) -> Result<(Listing, Vec<Value>, Option<Value>)> {
        let order = &self.order;
        let listing = match &self.fields {
            Some(fields) if !self.aggregates.is_empty() => {
                sorts_only_by(model, order, fields)?;
                Listing::of_groups(model, order, fields.clone(), self.aggregates.clone())
            }
            Some(fields) if self.is_distinct => Listing::of_distinct(model, order, fields.clone()),
            Some(fields) => Listing::of_fields(model, order, fields.clone()),
            // Rows differ in their keys.
            None => Listing::of_rows(model, order),
        };
        Ok(match &self.from {
            Beginning::FirstRow => (listing, Vec::new(), None),
            Beginning::Offset(rows) => {
                let offset = Value::Integer(i64::try_from(*rows).unwrap_or(i64::MAX));
                (listing.starting(Start::Offset), Vec::new(), Some(offset))
            }
            Beginning::Cursor(cursor) => {
                let (listing, after) = starting_after(model, listing, cursor)?;
                (listing, after, None)
            }
        })
    }

    /// The values of its statement, in their order.
    fn into_values(
        self,
        dialect: &dyn Dialect,
        after: Vec<Value>,
        offset: Option<Value>,
    ) -> Vec<Value> {
        // One row more than wanted tells whether another page follows.
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let limit = Value::Integer(limit.saturating_add(1));
        let mut values = self.filter.into_values(dialect);
        values.extend(after);
        values.push(limit);
        values.extend(offset);
        values
    }
}

/// Groups are sorted by what their rows are alike in: the rest differs within them.
fn sorts_only_by(model: &ModelSchema, order: &[Order], fields: &[usize]) -> Result<()> {
    let Some(other) = order.iter().find(|order| !fields.contains(&order.field)) else {
        return Ok(());
    };
    let name = &model.fields[other.field].name;
    let message = format!("groups cannot be sorted by {name:?}, in which their rows differ");
    Err(Error::new(Kind::Malformed, message).with_help("group by the field as well"))
}

impl Table {
    /// Rows, and the cursor after the last where more follow.
    pub(crate) async fn list<C: Rows>(
        &self,
        selection: Selection,
        rows: C,
    ) -> Result<(C::Output, Option<String>)> {
        self.measured(ModelVerb::List, async {
            let model = &self.model;
            selection.filter.check_model(model)?;
            if selection.fields.is_none() && !selection.aggregates.is_empty() {
                let totals = self.totals(selection.filter, &selection.aggregates, rows);
                return Ok((totals.await?, None));
            }
            let (listing, after, offset) = selection.listing(model)?;
            let statement = self.statements.list(&selection.filter, &listing)?;
            let rows = Keyed::new(listing.order_columns(model), selection.limit, rows);
            let values = selection.into_values(self.statements.dialect(), after, offset);
            let columns = self.types_of(&listing);
            let (rows, last) = self.load(&statement, values, &columns, rows).await?;
            let next = last
                .next()
                .map(|values| cursor_of(model, &listing, &values));
            Ok((rows, next))
        })
        .await
    }

    /// One row: what the rows that a filter lets through come to.
    async fn totals<C: Rows>(
        &self,
        filter: Filter,
        aggregates: &[Aggregate],
        rows: C,
    ) -> Result<C::Output> {
        let statement = self.statements.aggregate(&filter, aggregates)?;
        let values = filter.into_values(self.statements.dialect());
        let columns = aggregates.iter();
        let columns = columns.filter_map(|aggregate| aggregate.field_type(&self.model));
        self.load(&statement, values, &columns.collect(), rows)
            .await
    }

    /// How many rows a filter lets through.
    pub(crate) async fn count(&self, filter: Filter) -> Result<u64> {
        self.measured(ModelVerb::Count, async {
            filter.check_model(&self.model)?;
            let statement = self.statements.count(&filter)?;
            let columns: Arc<[FieldType]> = Arc::new([FieldType::I64]);
            let values = filter.into_values(self.statements.dialect());
            let count = self
                .load(&statement, values, &columns, Integer::default())
                .await?;
            Ok(count.unsigned_abs())
        })
        .await
    }

    /// The types of the columns of a listing.
    fn types_of(&self, listing: &Listing) -> Arc<[FieldType]> {
        match listing.fields() {
            None => self.columns.clone(),
            Some(_) => {
                let columns = listing.columns(&self.model).into_iter();
                columns
                    .map(|column| self.model.fields[column].field_type.clone())
                    .collect()
            }
        }
    }
}
