//! The statements that read and write rows of a model.
//!
//! Every statement that gives rows gives all columns in the order of the model's fields, in the
//! form that `RowSource` takes. Names come from the schema and values are always parameters.

use std::fmt::Write;

use super::{Dialect, identifier};
use crate::query::{Comparison, Filter, Test};
use crate::schema::{FieldType, ModelSchema};

/// SQL and the type of each of its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL.
    pub sql: String,
    /// The types of the parameters, in order.
    pub parameters: Vec<FieldType>,
}

/// A new row. Parameters: the fields at `positions`; the others take their defaults. Gives the row.
pub fn insert(model: &ModelSchema, dialect: &dyn Dialect, positions: &[usize]) -> Statement {
    let mut draft = Draft::new(model, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    draft.returning()
}

/// A new row, or a change of the row that has the same values at `conflict`. Parameters: the fields
/// at `positions`. A change sets those at `changes`. Gives the row.
pub fn upsert(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    positions: &[usize],
    conflict: &[usize],
    changes: &[usize],
) -> Statement {
    let mut draft = Draft::new(model, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    // Without a change there would be no row to return, so the key is set to itself.
    let keeps_key = [conflict[0]];
    let changes = if changes.is_empty() {
        &keeps_key[..]
    } else {
        changes
    };
    let assignments: Vec<String> = changes
        .iter()
        .map(|&position| {
            let column = draft.column(position);
            format!("{column} = excluded.{column}")
        })
        .collect();
    let target = draft.columns(conflict);
    let assignments = assignments.join(", ");
    let _ = write!(
        draft.sql,
        " ON CONFLICT ({target}) DO UPDATE SET {assignments}"
    );
    draft.returning()
}

/// The row of a key. Parameter: the key.
pub fn select_by_key(model: &ModelSchema, dialect: &dyn Dialect) -> Statement {
    let mut draft = Draft::new(model, dialect, "SELECT ");
    draft.select_from();
    draft.where_key();
    draft.finish()
}

/// A change of the row of a key. Parameters: the fields at `positions`, then the key. Gives the
/// row, or none.
pub fn update(model: &ModelSchema, dialect: &dyn Dialect, positions: &[usize]) -> Statement {
    let mut draft = Draft::new(model, dialect, "UPDATE ");
    draft.sql.push_str(&identifier(&model.table));
    for (index, &position) in positions.iter().enumerate() {
        let separator = if index == 0 { " SET " } else { ", " };
        let parameter = draft.parameter(position);
        let column = draft.column(position);
        let _ = write!(draft.sql, "{separator}{column} = {parameter}");
    }
    draft.where_key();
    draft.returning()
}

/// Removes the row of a key. Parameter: the key. Gives the row, or none.
pub fn delete(model: &ModelSchema, dialect: &dyn Dialect) -> Statement {
    let mut draft = Draft::new(model, dialect, "DELETE FROM ");
    draft.sql.push_str(&identifier(&model.table));
    draft.where_key();
    draft.returning()
}

/// Whether a page begins at the start or after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Start {
    /// At the first row.
    Beginning,
    /// After the row of a key.
    AfterKey,
}

/// A page of rows in the order of their keys. Parameters: the values of the filter, the key to
/// start after where there is one, and how many rows.
pub fn list(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    filter: &Filter,
    start: Start,
) -> Statement {
    let mut draft = Draft::new(model, dialect, "SELECT ");
    draft.select_from();
    let mut conditions = draft.conditions(filter);
    let key = draft.key_position();
    if start == Start::AfterKey {
        let parameter = draft.parameter(key);
        conditions.push(format!("{} > {parameter}", draft.column(key)));
    }
    draft.where_all(&conditions);
    let limit = draft.typed_parameter(FieldType::I64);
    let key = draft.column(key);
    let _ = write!(draft.sql, " ORDER BY {key} LIMIT {limit}");
    draft.finish()
}

/// How many rows a filter lets through. Parameters: the values of the filter. Gives one integer.
pub fn count(model: &ModelSchema, dialect: &dyn Dialect, filter: &Filter) -> Statement {
    let mut draft = Draft::new(model, dialect, "SELECT count(*) FROM ");
    draft.sql.push_str(&identifier(&model.table));
    let conditions = draft.conditions(filter);
    draft.where_all(&conditions);
    draft.finish()
}

/// A statement that is being written.
struct Draft<'a> {
    model: &'a ModelSchema,
    dialect: &'a dyn Dialect,
    sql: String,
    parameters: Vec<FieldType>,
}

impl<'a> Draft<'a> {
    fn new(model: &'a ModelSchema, dialect: &'a dyn Dialect, opening: &str) -> Self {
        Self {
            model,
            dialect,
            sql: opening.to_owned(),
            parameters: Vec::new(),
        }
    }

    fn insert_into(&mut self, positions: &[usize]) {
        let table = identifier(&self.model.table);
        if positions.is_empty() {
            let _ = write!(self.sql, "{table} DEFAULT VALUES");
            return;
        }
        let columns = self.columns(positions);
        let parameters: Vec<String> = positions
            .iter()
            .map(|&position| self.parameter(position))
            .collect();
        let parameters = parameters.join(", ");
        let _ = write!(self.sql, "{table} ({columns}) VALUES ({parameters})");
    }

    fn select_from(&mut self) {
        let row = self.row();
        let table = identifier(&self.model.table);
        let _ = write!(self.sql, "{row} FROM {table}");
    }

    fn where_key(&mut self) {
        let key = self.key_position();
        let condition = format!("{} = {}", self.column(key), self.parameter(key));
        self.where_all(&[condition]);
    }

    fn where_all(&mut self, conditions: &[String]) {
        if !conditions.is_empty() {
            let _ = write!(self.sql, " WHERE {}", conditions.join(" AND "));
        }
    }

    fn conditions(&mut self, filter: &Filter) -> Vec<String> {
        let mut conditions = Vec::with_capacity(filter.conditions().len() + 1);
        for condition in filter.conditions() {
            let field = &self.model.fields[condition.field];
            let column = identifier(&field.column);
            let text = match &condition.test {
                Test::Null(true) => format!("{column} IS NULL"),
                Test::Null(false) => format!("{column} IS NOT NULL"),
                Test::In(_) => {
                    let list = self.typed_parameter(FieldType::Json);
                    self.dialect.is_in_list(&column, &list, &field.field_type)
                }
                Test::Compare(Comparison::NotEqual, _) => {
                    let parameter = self.parameter(condition.field);
                    format!("{column} IS DISTINCT FROM {parameter}")
                }
                Test::Compare(comparison, _) => {
                    let parameter = self.parameter(condition.field);
                    format!("{column} {} {parameter}", operator(*comparison))
                }
            };
            conditions.push(text);
        }
        conditions
    }

    /// The parameter for a field's value, the next in order.
    fn parameter(&mut self, position: usize) -> String {
        let field_type = self.model.fields[position].field_type.clone();
        self.typed_parameter(field_type)
    }

    fn typed_parameter(&mut self, field_type: FieldType) -> String {
        let ordinal = self.parameters.len() + 1;
        let text = self.dialect.parameter(ordinal, &field_type);
        self.parameters.push(field_type);
        text
    }

    fn key_position(&self) -> usize {
        self.model
            .position(&self.model.key.field)
            .expect("a validated model's key names one of its fields")
    }

    fn column(&self, position: usize) -> String {
        identifier(&self.model.fields[position].column)
    }

    fn columns(&self, positions: &[usize]) -> String {
        let columns: Vec<String> = positions.iter().map(|&at| self.column(at)).collect();
        columns.join(", ")
    }

    fn row(&self) -> String {
        let columns: Vec<String> = self
            .model
            .fields
            .iter()
            .map(|field| self.dialect.select_expression(field))
            .collect();
        columns.join(", ")
    }

    fn returning(mut self) -> Statement {
        let row = self.row();
        let _ = write!(self.sql, " RETURNING {row}");
        self.finish()
    }

    fn finish(self) -> Statement {
        Statement {
            sql: self.sql,
            parameters: self.parameters,
        }
    }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
    }
}
