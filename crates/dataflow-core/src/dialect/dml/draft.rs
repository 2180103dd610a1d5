//! A statement that is being written.

use std::fmt::Write;

use super::{Assignment, Reach, Statement, Subject, Version, View};
use crate::dialect::{Dialect, identifier, table_identifier};
use crate::query::{By, Effect};
use crate::schema::{FieldType, KeyGenerator, ModelSchema};

/// A statement that is being written.
pub(super) struct Draft<'a> {
    pub(super) model: &'a ModelSchema,
    pub(super) dialect: &'a dyn Dialect,
    pub(super) reach: Reach,
    pub(super) sql: String,
    /// How many tables stand around the one that a condition is written about.
    pub(super) depth: usize,
    /// What is given or sorted by and is no column of the table.
    pub(super) beside: Vec<By>,
    parameters: Vec<FieldType>,
    /// Which parameters are the value of a field of a row: its position, and that of the parameter.
    given: Vec<(usize, usize)>,
    /// Where the tenant stands among the parameters, once it is mentioned.
    tenant_at: Option<usize>,
    /// Whether the database shows rows of a table that is named to their tenant alone.
    is_secured: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(view: impl Into<View<'a>>, dialect: &'a dyn Dialect, opening: &str) -> Self {
        let View { model, reach } = view.into();
        Self {
            model,
            dialect,
            reach,
            sql: opening.to_owned(),
            depth: 0,
            beside: Vec::new(),
            parameters: Vec::new(),
            given: Vec::new(),
            tenant_at: None,
            is_secured: model.row_level_security,
        }
    }

    /// The beginning of what removes rows, or gives them the time at which they were.
    pub(super) fn removing(view: impl Into<View<'a>>, dialect: &'a dyn Dialect) -> Self {
        let mut draft = Self::new(view, dialect, "");
        let table = table_identifier(&draft.model.table);
        draft.sql = match draft.model.deleted() {
            None => format!("DELETE FROM {table}"),
            Some(deleted) => {
                let (column, time) = (draft.column(deleted), draft.parameter(deleted));
                let counted = draft.next_version().map(|next| format!(", {next}"));
                let counted = counted.unwrap_or_default();
                format!("UPDATE {table} SET {column} = {time}{counted}")
            }
        };
        draft
    }

    /// The beginning of what changes rows, which the model counts where it counts changes.
    pub(super) fn changing(
        view: impl Into<View<'a>>,
        dialect: &'a dyn Dialect,
        changes: &[Assignment],
    ) -> Self {
        let mut draft = Self::new(view, dialect, "UPDATE ");
        let changes = changes.iter();
        let mut assignments: Vec<String> = changes
            .map(|change| draft.assigned_parameter(change))
            .collect();
        assignments.extend(draft.next_version());
        let (table, assignments) = (table_identifier(&draft.model.table), assignments.join(", "));
        let _ = write!(draft.sql, "{table} SET {assignments}");
        draft
    }

    pub(super) fn view(&self) -> View<'a> {
        View {
            model: self.model,
            reach: self.reach,
        }
    }

    pub(super) fn insert_into(&mut self, positions: &[usize]) {
        let table = table_identifier(&self.model.table);
        if positions.is_empty() {
            let _ = write!(self.sql, "{table} DEFAULT VALUES");
            return;
        }
        let columns = self.columns(positions);
        let parameters: Vec<String> = positions
            .iter()
            .map(|&position| self.given_parameter(position))
            .collect();
        let parameters = parameters.join(", ");
        let _ = write!(self.sql, "{table} ({columns}) VALUES ({parameters})");
    }

    pub(super) fn select_from(&mut self) {
        let row = self.row();
        let table = table_identifier(&self.model.table);
        let _ = write!(self.sql, "{row} FROM {table}");
    }

    pub(super) fn where_key(&mut self, version: Version) {
        let positions = self.model.key_positions().into_iter();
        let mut conditions: Vec<String> = positions
            .map(|key| format!("{} = {}", self.column(key), self.given_parameter(key)))
            .collect();
        conditions.extend(self.has_version(version));
        conditions.extend(self.reached());
        self.where_all(&conditions);
    }

    pub(super) fn where_all(&mut self, conditions: &[String]) {
        if !conditions.is_empty() {
            let _ = write!(self.sql, " WHERE {}", conditions.join(" AND "));
        }
    }

    /// The assignment of a parameter.
    pub(super) fn assigned_parameter(&mut self, change: &Assignment) -> String {
        let flag = change.is_optional;
        let flag = flag.then(|| self.typed_parameter(FieldType::Bool));
        let parameter = match change.effect {
            Effect::Set => self.given_parameter(change.position),
            Effect::Add => self.parameter(change.position),
        };
        assignment(self.model, change, flag.as_deref(), &parameter)
    }

    /// The assignment of an expression.
    pub(super) fn assignment(&mut self, change: &Assignment, new: &str) -> String {
        let flag = change.is_optional;
        let flag = flag.then(|| self.typed_parameter(FieldType::Bool));
        assignment(self.model, change, flag.as_deref(), new)
    }

    /// What a new row does to the one that it conflicts with, if that is reached.
    pub(super) fn on_conflict(&mut self, conflict: &[usize], mut assignments: Vec<String>) {
        if assignments.is_empty() {
            // A conflict that changes nothing would return no row, so a column is set to itself.
            let column = self.column(conflict[0]);
            assignments.push(format!("{column} = excluded.{column}"));
        }
        assignments.extend(self.next_version());
        let target = self.conflict_target(conflict);
        let assignments = assignments.join(", ");
        let _ = write!(
            self.sql,
            " ON CONFLICT {target} DO UPDATE SET {assignments}"
        );
        let mut conditions = self.reached_in_conflict();
        conditions.extend(self.dialect.newness().mark.map(str::to_owned));
        self.where_all(&conditions);
    }

    /// What is unique is so among the rows of one tenant that were not deleted, but for the key.
    fn conflict_target(&self, conflict: &[usize]) -> String {
        if self.model.is_key(conflict) {
            return format!("({})", self.columns(conflict));
        }
        let tenant = self.model.tenant().filter(|at| !conflict.contains(at));
        let positions: Vec<usize> = tenant.into_iter().chain(conflict.iter().copied()).collect();
        let columns = self.columns(&positions);
        match self.model.deleted() {
            None => format!("({columns})"),
            Some(deleted) => format!("({columns}) WHERE {} IS NULL", self.column(deleted)),
        }
    }

    /// Another table is named.
    pub(super) fn names(&mut self, model: &ModelSchema) {
        self.is_secured |= model.row_level_security;
    }

    /// The parameter for the tenant: the next in order, or the one that it was before.
    pub(super) fn tenant(&mut self, field_type: &FieldType) -> String {
        match self.tenant_at {
            Some(at) => self.dialect.parameter(at + 1, field_type),
            None => {
                self.tenant_at = Some(self.parameters.len());
                self.typed_parameter(field_type.clone())
            }
        }
    }

    /// The parameter for what a row holds in a field, now or from now on, the next in order.
    fn given_parameter(&mut self, position: usize) -> String {
        self.given.push((position, self.parameters.len()));
        self.parameter(position)
    }

    /// The parameter for a field's value, the next in order.
    pub(super) fn parameter(&mut self, position: usize) -> String {
        let field_type = self.model.fields[position].field_type.clone();
        self.typed_parameter(field_type)
    }

    pub(super) fn typed_parameter(&mut self, field_type: FieldType) -> String {
        let ordinal = self.parameters.len() + 1;
        let text = self.dialect.parameter(ordinal, &field_type);
        self.parameters.push(field_type);
        text
    }

    /// The next parameter, in a place that takes more than one type.
    pub(super) fn explicit_parameter(&mut self, field_type: FieldType) -> String {
        let ordinal = self.parameters.len() + 1;
        let text = self.dialect.typed_parameter(ordinal, &field_type);
        self.parameters.push(field_type);
        text
    }

    pub(super) fn column(&self, position: usize) -> String {
        identifier(&self.model.fields[position].column)
    }

    /// A column in the form that `RowSource` takes.
    pub(super) fn readable(&self, position: usize) -> String {
        let field_type = &self.model.fields[position].field_type;
        self.dialect.readable(&self.column(position), field_type)
    }

    pub(super) fn columns(&self, positions: &[usize]) -> String {
        let columns: Vec<String> = positions.iter().map(|&at| self.column(at)).collect();
        columns.join(", ")
    }

    pub(super) fn row(&self) -> String {
        let positions: Vec<usize> = (0..self.model.fields.len()).collect();
        self.row_of(&positions)
    }

    /// Some columns of a row, in the form that `RowSource` takes.
    pub(super) fn row_of(&self, positions: &[usize]) -> String {
        let columns: Vec<String> = positions.iter().map(|&at| self.readable(at)).collect();
        columns.join(", ")
    }

    pub(super) fn returning(mut self) -> Statement {
        let row = self.row();
        let _ = write!(self.sql, " RETURNING {row}");
        self.finish()
    }

    /// Gives a new row. Where its key was given although the database counts keys up, an expression
    /// after the row's columns, which nobody reads, moves the counter past it.
    pub(super) fn returning_new(mut self, positions: &[usize]) -> Statement {
        let row = self.row();
        let _ = write!(self.sql, " RETURNING {row}");
        self.counting_past(positions)
    }

    /// As [`returning_new`](Self::returning_new), with whether the row is new behind its columns.
    pub(super) fn returning_upserted(mut self, positions: &[usize]) -> Statement {
        let (row, is_new) = (self.row(), self.dialect.newness().is_new);
        let _ = write!(self.sql, " RETURNING {row}, {is_new}");
        self.counting_past(positions)
    }

    fn counting_past(mut self, positions: &[usize]) -> Statement {
        if let Some(key) = given_count(self.model, positions) {
            let column = &self.model.fields[positions[key]].column;
            if let Some(count_past) = self.dialect.count_past(&self.model.table, column) {
                let _ = write!(self.sql, ", {count_past}");
            }
        }
        self.finish()
    }

    /// The row that it is about, for a database that has to be asked which foreign key it breaks.
    fn subject(&self) -> Option<Subject> {
        if self.dialect.capability().names_foreign_keys || self.given.is_empty() {
            return None;
        }
        let column = |position: usize| self.model.fields[position].column.clone();
        let given = self.given.iter();
        Some(Subject {
            table: self.model.table.clone(),
            columns: given
                .map(|&(position, at)| (column(position), at))
                .collect(),
        })
    }

    pub(super) fn finish(self) -> Statement {
        let subject = self.subject();
        Statement::new(self.sql, self.parameters)
            .about(subject)
            .of_tenant(self.tenant_at)
            .secured(self.is_secured)
    }
}

/// The assignment of a value, or of a sum with it, if a flag says so where there is one. The column of
/// the row that exists is named by its table, for beside it may stand another of the same name.
pub(super) fn assignment(
    model: &ModelSchema,
    change: &Assignment,
    flag: Option<&str>,
    value: &str,
) -> String {
    let column = identifier(&model.fields[change.position].column);
    let old = format!("{}.{column}", identifier(&model.table.name));
    let new = match change.effect {
        Effect::Set => value.to_owned(),
        Effect::Add => format!("{old} + {value}"),
    };
    match flag {
        None => format!("{column} = {new}"),
        Some(flag) => format!("{column} = CASE WHEN {flag} THEN {new} ELSE {old} END"),
    }
}

/// Where among the positions stands a key that the database counts up, if it is given all the same.
pub(super) fn given_count(model: &ModelSchema, positions: &[usize]) -> Option<usize> {
    let key = model.key_positions()[0];
    let is_counted = model.key.generator == KeyGenerator::Serial;
    let given = positions.iter().position(|&at| at == key);
    given.filter(|_| is_counted)
}
