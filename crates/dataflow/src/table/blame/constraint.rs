//! The columns of a constraint that refuses, where the database does not say them.
//!
//! Where row-level security hides rows, PostgreSQL names no column of a key that is taken or points
//! nowhere, and the constraint alone. The model knows of which columns that is made.

use dataflow_core::error::{Fault, FaultCode, Kind};
use dataflow_core::snapshot::{foreign_key_name, unique_columns};
use dataflow_core::{Error, ModelSchema};

/// An error with the columns of the constraint that it names, unless it knows any.
pub(super) fn in_columns(model: &ModelSchema, error: Error) -> Error {
    let mut place = error.place().clone();
    let Some(constraint) = place
        .constraint
        .as_deref()
        .filter(|_| place.columns.is_empty())
    else {
        return error;
    };
    let (code, detail, columns) = match error.kind() {
        Kind::Unique => {
            let columns = unique_columns(model, constraint);
            (FaultCode::Unique, "another row has this value", columns)
        }
        Kind::ForeignKey => (
            FaultCode::Reference,
            "no such row",
            foreign_key_column(model, constraint).map(|column| vec![column]),
        ),
        _ => return error,
    };
    let Some(columns) = columns else {
        return error;
    };
    // The one place that is known is the member of a bulk.
    let parent = error.faults().first().map_or("", |fault| &*fault.pointer);
    let faults = columns
        .iter()
        .map(|column| Fault::at(parent, column, code, detail));
    let faults = faults.collect();
    place.columns = columns;
    error.with_faults(faults).with_place(place)
}

/// The column of the foreign key of this model that is called so. One that leads to the same table
/// may be broken from either end.
fn foreign_key_column(model: &ModelSchema, constraint: &str) -> Option<String> {
    let relations = model.relations.iter();
    let mut relations = relations.filter(|relation| relation.table != model.table);
    let relation = relations.find(|relation| foreign_key_name(model, relation) == constraint)?;
    let field = model.field(&relation.field)?;
    Some(field.column.to_string())
}
