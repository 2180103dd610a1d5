//! The statements that read and write rows of a model.
//!
//! Every statement that gives rows gives all columns in the order of the model's fields, in the
//! form that `RowSource` takes. Names come from the schema and values are always parameters.

mod bulk;
mod create_or_update;
mod statement;

pub use bulk::{Bulk, Order, Set, insert_many, load, update_many, upsert_many};
pub use create_or_update::create_or_update;
pub use statement::Statement;

use std::fmt::Write;

use super::{Dialect, identifier};
use crate::error::{Error, Kind, Result};
use crate::query::{Comparison, Filter, Test};
use crate::schema::{Field, FieldType, KeyGenerator, ModelSchema};

/// A field that an existing row is given a new value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// The position of the field in its model.
    pub position: usize,
    /// Whether a parameter, true or false, says for each row if the value is set or the row keeps
    /// its own. So rows that change different fields share one statement.
    pub is_optional: bool,
}

/// A new row. Parameters: the fields at `positions`; the others take their defaults. Gives the row.
pub fn insert(model: &ModelSchema, dialect: &dyn Dialect, positions: &[usize]) -> Statement {
    let mut draft = Draft::new(model, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    draft.returning_new(positions)
}

/// A new row, or a change of the row that has the same values at `conflict`. Parameters: the fields
/// at `positions`, then the flag of each optional change. Gives the row.
pub fn upsert(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    positions: &[usize],
    conflict: &[usize],
    changes: &[Assignment],
) -> Statement {
    let mut draft = Draft::new(model, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    let mut assignments: Vec<String> = changes
        .iter()
        .map(|change| {
            let column = draft.column(change.position);
            let new = format!("excluded.{column}");
            draft.assignment(change, &new)
        })
        .collect();
    if assignments.is_empty() {
        // A conflict that changes nothing would return no row, so a column is set to itself.
        let column = draft.column(conflict[0]);
        assignments.push(format!("{column} = excluded.{column}"));
    }
    let target = draft.columns(conflict);
    let assignments = assignments.join(", ");
    let _ = write!(
        draft.sql,
        " ON CONFLICT ({target}) DO UPDATE SET {assignments}"
    );
    draft.returning_new(positions)
}

/// The row of a key. Parameter: the key.
pub fn select_by_key(model: &ModelSchema, dialect: &dyn Dialect) -> Statement {
    let mut draft = Draft::new(model, dialect, "SELECT ");
    draft.select_from();
    draft.where_key();
    draft.finish()
}

/// A change of the row of a key. Parameters: for each change its flag where it is optional and its
/// value, then the key. Gives the row, or none. There MUST be a change.
pub fn update(model: &ModelSchema, dialect: &dyn Dialect, changes: &[Assignment]) -> Statement {
    let mut draft = Draft::new(model, dialect, "UPDATE ");
    draft.sql.push_str(&identifier(&model.table));
    for (index, change) in changes.iter().enumerate() {
        let separator = if index == 0 { " SET " } else { ", " };
        let assignment = draft.assigned_parameter(change);
        let _ = write!(draft.sql, "{separator}{assignment}");
    }
    draft.where_key();
    draft.returning()
}

/// Removes the row of a key. Parameter: the key. Gives no row.
pub fn delete(model: &ModelSchema, dialect: &dyn Dialect) -> Statement {
    let mut draft = Draft::new(model, dialect, "DELETE FROM ");
    draft.sql.push_str(&identifier(&model.table));
    draft.where_key();
    draft.finish()
}

/// Removes the rows that a filter lets through. Parameters: the values of the filter. Gives no row.
///
/// # Errors
///
/// As [`list`].
pub fn delete_where(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    filter: &Filter,
) -> Result<Statement> {
    let mut draft = Draft::new(model, dialect, "DELETE FROM ");
    draft.sql.push_str(&identifier(&model.table));
    let conditions = draft.conditions(filter)?;
    draft.where_all(&conditions);
    Ok(draft.finish())
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
///
/// # Errors
///
/// [`Kind::Unsupported`] for a test that this database cannot make: SQLite keeps decimals as text,
/// which has another order, and JSON documents as text, which is not equal where documents are.
pub fn list(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    filter: &Filter,
    start: Start,
) -> Result<Statement> {
    let mut draft = Draft::new(model, dialect, "SELECT ");
    draft.select_from();
    let mut conditions = draft.conditions(filter)?;
    let key = draft.key_position();
    if start == Start::AfterKey {
        let parameter = draft.parameter(key);
        conditions.push(format!("{} > {parameter}", draft.column(key)));
    }
    draft.where_all(&conditions);
    let limit = draft.typed_parameter(FieldType::I64);
    let key = draft.column(key);
    let _ = write!(draft.sql, " ORDER BY {key} LIMIT {limit}");
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
    let conditions = draft.conditions(filter)?;
    draft.where_all(&conditions);
    Ok(draft.finish())
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

    fn conditions(&mut self, filter: &Filter) -> Result<Vec<String>> {
        let mut conditions = Vec::with_capacity(filter.conditions().len() + 1);
        for condition in filter.conditions() {
            let field = &self.model.fields[condition.field];
            self.database_can_make(field, &condition.test)?;
            conditions.push(self.condition(condition.field, &condition.test));
        }
        Ok(conditions)
    }

    fn database_can_make(&self, field: &Field, test: &Test) -> Result<()> {
        let capability = self.dialect.capability();
        let can = match (&field.field_type, test) {
            (_, Test::Null(_)) => true,
            (FieldType::Json, _) => capability.equates_json,
            (FieldType::Decimal, Test::Compare(comparison, _)) => {
                !comparison.is_order() || capability.orders_decimals
            }
            _ => true,
        };
        if can {
            return Ok(());
        }
        let (model, dialect) = (&self.model.name, self.dialect.name());
        let message = format!(
            "model {model:?}: field {:?} cannot be compared so on {dialect}",
            field.name
        );
        Err(Error::new(Kind::Unsupported, message)
            .with_help("filter by another field, or use postgres"))
    }

    fn condition(&mut self, position: usize, test: &Test) -> String {
        let field_type = &self.model.fields[position].field_type;
        let column = self.column(position);
        let comparable = self.dialect.comparable(&column, field_type);
        match test {
            Test::Null(true) => format!("{column} IS NULL"),
            Test::Null(false) => format!("{column} IS NOT NULL"),
            Test::In(_) => {
                let list = self.typed_parameter(FieldType::Json);
                self.dialect.is_in_list(&column, &list, field_type)
            }
            Test::Compare(comparison, _) => {
                let parameter = self.parameter(position);
                let parameter = self.dialect.comparable(&parameter, field_type);
                format!("{comparable} {} {parameter}", operator(*comparison))
            }
        }
    }

    /// The assignment of a parameter.
    fn assigned_parameter(&mut self, change: &Assignment) -> String {
        let column = self.column(change.position);
        if !change.is_optional {
            let parameter = self.parameter(change.position);
            return format!("{column} = {parameter}");
        }
        let flag = self.typed_parameter(FieldType::Bool);
        let parameter = self.parameter(change.position);
        format!("{column} = CASE WHEN {flag} THEN {parameter} ELSE {column} END")
    }

    /// The assignment of an expression; the column of the row that exists is named by its table.
    fn assignment(&mut self, change: &Assignment, new: &str) -> String {
        let column = self.column(change.position);
        if !change.is_optional {
            return format!("{column} = {new}");
        }
        let flag = self.typed_parameter(FieldType::Bool);
        let table = identifier(&self.model.table);
        format!("{column} = CASE WHEN {flag} THEN {new} ELSE {table}.{column} END")
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

    /// Gives a new row. Where its key was given although the database counts keys up, an expression
    /// after the row's columns, which nobody reads, moves the counter past it.
    fn returning_new(mut self, positions: &[usize]) -> Statement {
        let key = self.key_position();
        let is_counted = self.model.key.generator == KeyGenerator::Serial;
        let row = self.row();
        let _ = write!(self.sql, " RETURNING {row}");
        if is_counted && positions.contains(&key) {
            let column = &self.model.fields[key].column;
            if let Some(count_past) = self.dialect.count_past(&self.model.table, column) {
                let _ = write!(self.sql, ", {count_past}");
            }
        }
        self.finish()
    }

    fn finish(self) -> Statement {
        Statement::new(self.sql, self.parameters)
    }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "IS DISTINCT FROM",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
    }
}

#[cfg(test)]
#[cfg(all(feature = "decimal", feature = "derive"))]
mod tests;
