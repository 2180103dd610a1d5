//! How rows are listed: which columns, in which order, from where.

use super::order::{By, Direction, Order};
use crate::dialect::Dialect;
use crate::schema::{FieldType, ModelSchema};
use crate::value::Value;

/// How rows are listed, apart from the values that stand in the statement.
///
/// The order is total, so that every page begins where the one before ended: after what was asked
/// for it goes by the key, or, when rows that are alike are given once, by all columns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Listing {
    /// What is given of a row; none for all fields.
    fields: Option<Vec<By>>,
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

    /// Some columns of all rows, or values inside their documents.
    pub fn of_fields<B: Into<By>>(model: &ModelSchema, order: &[Order], fields: Vec<B>) -> Self {
        Self {
            fields: Some(fields.into_iter().map(Into::into).collect()),
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
            fields: Some(fields.into_iter().map(By::Field).collect()),
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

    /// The columns of the rows: what was asked for, then what only the order names, which the next
    /// page begins after.
    pub fn columns(&self, model: &ModelSchema) -> Vec<By> {
        let mut columns = match &self.fields {
            None => (0..model.fields.len()).map(By::Field).collect(),
            Some(fields) => fields.clone(),
        };
        for order in &self.order {
            if !columns.contains(&order.by) {
                columns.push(order.by.clone());
            }
        }
        columns
    }

    /// What is given or sorted by and is no column of the table, each once.
    pub fn beside(&self) -> Vec<&By> {
        let given = self.fields.iter().flatten();
        let named = given.chain(self.order.iter().map(|order| &order.by));
        let mut beside = Vec::new();
        for by in named.filter(|by| by.as_own().is_none()) {
            if !beside.contains(&by) {
                beside.push(by);
            }
        }
        beside
    }

    /// The paths into documents that are parameters of its statement, in their order.
    pub fn paths(&self, dialect: &dyn Dialect) -> Vec<Value> {
        let beside = self.beside().into_iter();
        let inside = beside.filter_map(By::as_inside);
        inside
            .map(|inside| dialect.document_path(&inside.path))
            .collect()
    }

    /// The ordinals, among [`columns`](Self::columns), of what the order names, with their types.
    pub fn order_columns(&self, model: &ModelSchema) -> Vec<(usize, FieldType)> {
        let is_whole = self.fields.is_none() && self.beside().is_empty();
        let columns = (!is_whole).then(|| self.columns(model));
        let ordinal = |by: &By| match &columns {
            None => by.as_own(),
            Some(columns) => columns.iter().position(|column| column == by),
        };
        let order = self.order.iter().filter_map(|order| {
            let field_type = order.by.field_type(model).clone();
            Some((ordinal(&order.by)?, field_type))
        });
        order.collect()
    }

    /// What is given; none for all fields.
    pub fn fields(&self) -> Option<&[By]> {
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
