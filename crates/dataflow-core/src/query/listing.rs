//! How rows are listed: which columns, in which order, from where.

use super::order::{By, Direction, Order};
use crate::schema::{FieldType, ModelSchema};

/// How rows are listed, apart from the values that stand in the statement.
///
/// The order is total, so that every page begins where the one before ended: after what was asked
/// for it goes by the key, or, when rows that are alike are given once, by all columns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Listing {
    /// The fields that are given, by position; none for all of them.
    fields: Option<Vec<usize>>,
    /// Whether rows that are alike in these fields are given once.
    is_distinct: bool,
    order: Vec<Order>,
    start: Start,
}

/// Where a list begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Start {
    /// At the first row.
    Beginning,
    /// After as many rows as a parameter says.
    Offset,
    /// After the row that has certain values in the fields of the order. Each is null or not: a
    /// null is no parameter.
    After(Vec<IsNull>),
}

/// Whether the value of a field of the order is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IsNull {
    /// It is.
    Yes,
    /// It is a value.
    No,
}

impl Listing {
    /// All columns of all rows, in an order that is made total.
    pub fn of_rows(model: &ModelSchema, order: &[Order]) -> Self {
        let mut total = without_repeats(model, order);
        let mut last_of_key = 0;
        for field in model.key_positions() {
            let by = By::Field(field);
            let position = total.iter().position(|order| order.by == by);
            last_of_key = last_of_key.max(position.unwrap_or_else(|| {
                total.push(Order::new(by, Direction::Ascending));
                total.len() - 1
            }));
        }
        // Nothing is left to sort where the whole key stands.
        total.truncate(last_of_key + 1);
        Self {
            fields: None,
            is_distinct: false,
            order: total,
            start: Start::Beginning,
        }
    }

    /// Some columns of all rows.
    pub fn of_fields(model: &ModelSchema, order: &[Order], fields: Vec<usize>) -> Self {
        Self {
            fields: Some(fields),
            ..Self::of_rows(model, order)
        }
    }

    /// Some columns, and rows that are alike in them once. What the order names and the columns do
    /// not is among the columns then: else it could not sort what is left. Fields of other rows it
    /// cannot name.
    pub fn of_distinct(model: &ModelSchema, order: &[Order], mut fields: Vec<usize>) -> Self {
        let order = without_repeats(model, order);
        let asked = order.iter().filter_map(|order| order.by.as_own());
        fields.extend(
            asked
                .filter(|field| !fields.contains(field))
                .collect::<Vec<_>>(),
        );
        let rest = fields
            .iter()
            .map(|field| Order::new(By::Field(*field), Direction::Ascending));
        let total: Vec<Order> = order.into_iter().chain(rest).collect();
        Self {
            is_distinct: true,
            order: without_repeats(model, &total),
            fields: Some(fields),
            start: Start::Beginning,
        }
    }

    /// The same from another row on.
    #[must_use]
    pub fn starting(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// The total order.
    pub fn order(&self) -> &[Order] {
        &self.order
    }

    /// Where it begins.
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// Whether rows that are alike are given once.
    pub fn is_distinct(&self) -> bool {
        self.is_distinct
    }

    /// The columns of the rows, as positions of fields: those that were asked for, then those that
    /// only the order names, which the next page begins after.
    pub fn columns(&self, model: &ModelSchema) -> Vec<usize> {
        let Some(fields) = &self.fields else {
            return (0..model.fields.len()).collect();
        };
        let mut columns = fields.clone();
        for field in self.order.iter().filter_map(|order| order.by.as_own()) {
            if !columns.contains(&field) {
                columns.push(field);
            }
        }
        columns
    }

    /// What the order names of other rows: it stands in the columns after those of the model.
    pub fn related(&self) -> impl Iterator<Item = &By> {
        let all = self.order.iter().map(|order| &order.by);
        all.filter(|by| by.as_own().is_none())
    }

    /// The ordinals, among [`columns`](Self::columns), of the fields of the order, with their types.
    pub fn order_columns(&self, model: &ModelSchema) -> Vec<(usize, FieldType)> {
        let columns = self.fields.as_ref().map(|_| self.columns(model));
        let own = columns.as_ref().map_or(model.fields.len(), Vec::len);
        let ordinal = |by: &By| match (by.as_own(), &columns) {
            (Some(field), None) => Some(field),
            (Some(field), Some(columns)) => columns.iter().position(|column| *column == field),
            (None, _) => Some(own + self.related().position(|other| other == by)?),
        };
        let order = self.order.iter().filter_map(|order| {
            let field_type = order.by.field(model).field_type.clone();
            Some((ordinal(&order.by)?, field_type))
        });
        order.collect()
    }

    /// The fields that are given; none for all of them.
    pub fn fields(&self) -> Option<&[usize]> {
        self.fields.as_deref()
    }
}

/// The order without fields that stand before already. A field that is never null is sorted alike
/// wherever its nulls would be, so that is not told apart.
fn without_repeats(model: &ModelSchema, order: &[Order]) -> Vec<Order> {
    let mut total: Vec<Order> = Vec::with_capacity(order.len() + 1);
    for order in order {
        if total.iter().all(|before| before.by != order.by) {
            total.push(if order.by.is_nullable(model) {
                order.clone()
            } else {
                Order::new(order.by.clone(), order.direction)
            });
        }
    }
    total
}
