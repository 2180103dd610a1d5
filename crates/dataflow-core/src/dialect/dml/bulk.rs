//! The same change of many rows: said for each of them, or for all at once.
//!
//! PostgreSQL takes an array for each column, so one text serves any number of rows and no limit
//! of parameters is met. SQLite has nothing to gain from it: there, a statement costs no round trip.

use std::sync::Arc;

use super::draft::{Draft, assignment, given_count};
use super::joined::and_all;
use super::{Assignment, Statement, Version, View};
use crate::dialect::{Dialect, identifier, table_identifier};
use crate::schema::{FieldType, ModelSchema};

/// One change of many rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// Runs once for each row.
    pub each: Arc<Statement>,
    /// Runs once for many rows, where the database can.
    pub set: Option<Set>,
    /// Takes rows as a stream and gives none, where that is wanted and the database can. Its
    /// columns come in the order of the parameters of the statement for each row.
    pub copy: Option<Arc<str>>,
}

impl Bulk {
    /// A change that is said for each row, in the order given.
    pub fn of(each: Arc<Statement>) -> Self {
        Self {
            each,
            set: None,
            copy: None,
        }
    }
}

/// A statement that takes an array for each parameter of the one that runs for each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The text.
    pub sql: Arc<str>,
    /// In which order it gives its rows.
    pub order: Order,
    /// Which parameter's greatest value among the rows comes once more, after the arrays.
    pub greatest: Option<usize>,
}

/// In which order a [`Set`] gives its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// One for each row that was given, in the same order; or none at all.
    AsGiven,
    /// Any, and none for a row that does not exist. After the columns of the model comes the
    /// position among those given, from 1.
    Numbered,
}

/// New rows, as [`insert`](super::insert) makes one.
pub fn insert_many<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    positions: &[usize],
) -> Bulk {
    let view = view.into();
    let model = view.model;
    let each = super::insert(view, dialect, positions);
    let set = given(dialect, each.parameters(), Numbers::None).map(|given| {
        let insert = insert_from(model, positions, &given);
        // What is given back is the same for one row and for many.
        let (_, returning) = each
            .sql()
            .rsplit_once(" RETURNING ")
            .expect("an insert gives its row");
        let counted = counted_once(model, dialect, positions, &each, returning);
        let (returning, greatest) = match &counted {
            Some((returning, key)) => (returning.as_str(), Some(*key)),
            None => (returning, None),
        };
        Set {
            sql: format!("{insert} RETURNING {returning}").into(),
            order: Order::AsGiven,
            greatest,
        }
    });
    bulk(each, set)
}

/// Moves the counter of a key past the greatest alone, and not past each that is greater than those
/// before it: all of them are written, or none. Comes with the parameter that the keys are.
fn counted_once(
    model: &ModelSchema,
    dialect: &dyn Dialect,
    positions: &[usize],
    each: &Statement,
    returning: &str,
) -> Option<(String, usize)> {
    let at = given_count(model, positions)?;
    let column = &model.fields[positions[at]].column;
    let count_past = dialect.count_past(&model.table, column)?;
    let row = returning.strip_suffix(&count_past)?;
    let key = identifier(column);
    let parameters = each.parameters();
    let greatest = dialect.parameter(parameters.len() + 1, &parameters[at]);
    let returning = format!("{row}CASE WHEN {key} >= {greatest} THEN {count_past} END");
    Some((returning, at))
}

/// New rows that are not given back. Parameters: as those of [`insert`](super::insert).
pub fn load<'a>(view: impl Into<View<'a>>, dialect: &'a dyn Dialect, positions: &[usize]) -> Bulk {
    let view = view.into();
    let model = view.model;
    let mut draft = Draft::new(view, dialect, "INSERT INTO ");
    draft.insert_into(positions);
    let each = draft.finish();
    let given = given(dialect, each.parameters(), Numbers::None);
    let set = given.map(|given| Set {
        sql: insert_from(model, positions, &given).into(),
        order: Order::AsGiven,
        greatest: None,
    });
    // A stream takes lists in a form of their own, and none where PostgreSQL has to look whose each
    // row is.
    let is_list = |&at: &usize| matches!(model.fields[at].field_type, FieldType::Array(_));
    let is_plain = !model.row_level_security && !positions.iter().any(is_list);
    let copy = set.is_some() && dialect.capability().copies_rows && is_plain;
    Bulk {
        copy: copy.then(|| {
            let (table, columns) = (table_identifier(&model.table), columns(model, positions));
            format!("COPY {table} ({columns}) FROM STDIN").into()
        }),
        ..bulk(each, set)
    }
}

/// New rows or changes of those that exist, as [`upsert`](super::upsert) makes one.
///
/// Changes that not every row makes are said for each: where rows conflict, PostgreSQL has no
/// word for what else was given beside them.
///
/// So are those that a row may be refused for which is not reached: a set would say nothing of it.
pub fn upsert_many<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    positions: &[usize],
    conflict: &[usize],
    changes: &[Assignment],
) -> Bulk {
    let view = view.into();
    let model = view.model;
    let each = super::upsert(view, dialect, positions, conflict, changes);
    let given = given(dialect, each.parameters(), Numbers::None);
    let is_settled = changes.iter().all(|change| !change.is_optional);
    let is_reached = !may_conflict_out_of_reach(model, conflict);
    let given = given.filter(|_| is_settled && is_reached);
    let set = given.map(|given| {
        let insert = insert_from(model, positions, &given);
        // What follows the target is the same for one row and for many.
        let (_, on_conflict) = each
            .sql()
            .split_once(" ON CONFLICT ")
            .expect("an upsert says what it does on a conflict");
        Set {
            sql: format!("{insert} ON CONFLICT {on_conflict}").into(),
            order: Order::AsGiven,
            greatest: None,
        }
    });
    bulk(each, set)
}

/// Changes of the rows of their keys, as [`update`](super::update) makes one.
pub fn update_many<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    changes: &[Assignment],
    version: Version,
) -> Bulk {
    let view = view.into();
    let model = view.model;
    let each = super::update(view, dialect, changes, version);
    let set = given(dialect, each.parameters(), Numbers::Last).map(|given| {
        let table = identifier(&model.table.name);
        let column = |position: usize| identifier(&model.fields[position].column);
        let mut values = given.values.iter();
        let mut next = || values.next().expect("each parameter has its value");
        let mut assignments: Vec<String> = changes
            .iter()
            .map(|change| {
                let flag = change.is_optional.then(&mut next);
                assignment(model, change, flag.map(String::as_str), next())
            })
            .collect();
        let is_row = is_row(model, &mut next);
        let counted = model.version().map(column);
        let counted = counted.map(|column| (format!("{table}.{column}"), column));
        assignments.extend(
            counted
                .iter()
                .map(|(old, column)| format!("{column} = {old} + 1")),
        );
        let has_version = match (&counted, version) {
            (Some((old, _)), Version::Given) => format!(" AND {old} = coalesce({}, {old})", next()),
            _ => String::new(),
        };
        let tenant = each.tenant_at().map(|_| next().as_str());
        let reached = and_all(&view.conditions("", tenant));
        let (assignments, from) = (assignments.join(", "), &given.from);
        let (table, row) = (table_identifier(&model.table), row(model, dialect));
        Set {
            sql: format!(
                "UPDATE {table} SET {assignments} FROM {from} \
                 WHERE {is_row}{has_version}{reached} RETURNING {row}, {NUMBER}"
            )
            .into(),
            order: Order::Numbered,
            greatest: None,
        }
    });
    bulk(each, set)
}

/// Removes the rows of their keys, as [`delete`](super::delete) removes one. Gives no row.
pub fn delete_many<'a>(view: impl Into<View<'a>>, dialect: &'a dyn Dialect) -> Bulk {
    let view = view.into();
    let model = view.model;
    let each = super::delete(view, dialect, Version::Any);
    let set = given(dialect, each.parameters(), Numbers::None).map(|given| {
        let table = identifier(&model.table.name);
        let mut values = given.values.iter();
        let mut next = || values.next().expect("each parameter has its value");
        let deletion = model.deleted().map(|position| {
            let column = identifier(&model.fields[position].column);
            let time = next();
            let counted = model
                .version()
                .map(|at| identifier(&model.fields[at].column));
            let counted = counted.map(|column| format!(", {column} = {table}.{column} + 1"));
            format!("{column} = {time}{}", counted.unwrap_or_default())
        });
        let is_row = is_row(model, &mut next);
        let tenant = each.tenant_at().map(|_| next().as_str());
        let reached = and_all(&view.conditions("", tenant));
        let (table, from) = (table_identifier(&model.table), &given.from);
        let removal = match deletion {
            None => format!("DELETE FROM {table} USING {from}"),
            Some(deletion) => format!("UPDATE {table} SET {deletion} FROM {from}"),
        };
        Set {
            sql: format!("{removal} WHERE {is_row}{reached}").into(),
            order: Order::AsGiven,
            greatest: None,
        }
    });
    bulk(each, set)
}

/// The condition that a row is the one of a key, whose fields come one after the other.
fn is_row<'g>(model: &ModelSchema, mut next: impl FnMut() -> &'g String) -> String {
    let table = identifier(&model.table.name);
    let conditions: Vec<String> = model
        .key_fields()
        .map(|field| format!("{table}.{} = {}", identifier(&field.column), next()))
        .collect();
    conditions.join(" AND ")
}

/// Whether a new row may conflict with one that is not reached. Only keys are unique among all rows.
pub fn may_conflict_out_of_reach(model: &ModelSchema, conflict: &[usize]) -> bool {
    let has_limits = model.deleted().is_some() || model.tenant().is_some();
    has_limits && model.is_key(conflict)
}

/// Whether rows that are given are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    None,
    Last,
}

/// The name of the count. No column of a model is called so, nor like the values beside it.
const NUMBER: &str = "given.\"dataflow number\"";

/// Rows that come as parameters.
struct Given {
    /// What stands behind `FROM`.
    from: String,
    /// The expression of each parameter's value.
    values: Vec<String>,
}

fn given(dialect: &dyn Dialect, parameters: &[FieldType], numbers: Numbers) -> Option<Given> {
    if parameters.is_empty() {
        return None;
    }
    let parameters = || parameters.iter().zip(1..);
    let arrays: Option<Vec<String>> = parameters()
        .map(|(field_type, ordinal)| dialect.array_parameter(ordinal, field_type))
        .collect();
    let name = |ordinal: usize| format!("\"dataflow {ordinal}\"");
    let mut names: Vec<String> = parameters().map(|(_, ordinal)| name(ordinal)).collect();
    let ordinality = match numbers {
        Numbers::None => "",
        Numbers::Last => {
            names.push("\"dataflow number\"".to_owned());
            " WITH ORDINALITY"
        }
    };
    let values = parameters().map(|(field_type, ordinal)| {
        dialect.given(&format!("given.{}", name(ordinal)), field_type)
    });
    Some(Given {
        from: format!(
            "unnest({}){ordinality} AS given ({})",
            arrays?.join(", "),
            names.join(", ")
        ),
        values: values.collect(),
    })
}

fn insert_from(model: &ModelSchema, positions: &[usize], given: &Given) -> String {
    let (table, columns) = (table_identifier(&model.table), columns(model, positions));
    let (values, from) = (given.values.join(", "), &given.from);
    format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {from}")
}

fn columns(model: &ModelSchema, positions: &[usize]) -> String {
    let columns: Vec<String> = positions
        .iter()
        .map(|&position| identifier(&model.fields[position].column))
        .collect();
    columns.join(", ")
}

fn row(model: &ModelSchema, dialect: &dyn Dialect) -> String {
    let columns: Vec<String> = model
        .fields
        .iter()
        .map(|field| dialect.readable(&identifier(&field.column), &field.field_type))
        .collect();
    columns.join(", ")
}

fn bulk(each: Statement, set: Option<Set>) -> Bulk {
    Bulk {
        set,
        ..Bulk::of(Arc::new(each))
    }
}

#[cfg(test)]
#[cfg(all(feature = "decimal", feature = "derive"))]
mod tests;
