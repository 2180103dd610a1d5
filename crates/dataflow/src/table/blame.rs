//! What the database says of a mistake, in the words of who made it.

use dataflow_core::error::{Fault, FaultCode, Kind, Place};
use dataflow_core::schema::{KeyGenerator, Relation};
use dataflow_core::snapshot::{foreign_key_name, guard_name, unique_name};
use dataflow_core::{Error, ModelSchema};

use super::{Table, constraint};
use crate::pool::refusal;

impl Table {
    /// The database names columns; whoever gave the input knows fields. Names that only one of the
    /// databases gives are added.
    pub(super) fn in_fields(&self, error: Error) -> Error {
        if !error.is_conflict() && !error.is_invalid() {
            return error;
        }
        let error = constraint::in_columns(self.model(), error);
        let mut place = error.place().clone();
        let table = || self.model().table.to_string();
        place.table.get_or_insert_with(table);
        if error.is_unique() && place.constraint.is_none() {
            place.constraint = unique_name(self.model(), &place.columns);
        }
        let mut faults = error.faults().to_vec();
        for fault in &mut faults {
            let (place, column) = match fault.pointer.rsplit_once('/') {
                Some((place, column)) => (place, column.replace("~1", "/").replace("~0", "~")),
                None => continue,
            };
            if let Some(field) = self
                .model()
                .fields
                .iter()
                .find(|field| field.column == column)
            {
                let name = field.name.replace('~', "~0").replace('/', "~1");
                fault.pointer = format!("{place}/{name}");
            }
        }
        error.with_faults(faults).with_place(place)
    }

    /// The refusal of a key that the database counted up, by what keeps the column to the field's
    /// width.
    pub(super) fn of_counted_key(&self, error: Error, positions: &[usize]) -> Error {
        let model = self.model();
        let key_is_given = positions
            .iter()
            .any(|&position| model.key.contains(&model.fields[position].name));
        let check = error.place().constraint.as_deref();
        if key_is_given
            || model.key.generator != KeyGenerator::Serial
            || !error.is_check()
            || check != Some(&*guard_name(model, model.key_field()))
        {
            return error;
        }
        refusal::keys_exhausted().with_place(error.place().clone())
    }

    /// SQLite does not say which foreign key refuses. A row that is written can only break its own,
    /// so where a model has one it is known.
    pub(super) fn of_own_relation(&self, error: Error) -> Error {
        let [relation] = &self.model().relations[..] else {
            return error;
        };
        if error.kind() != Kind::ForeignKey || !error.faults().is_empty() {
            return error;
        }
        let Relation { field, table, .. } = relation;
        let fault = Fault::of_field(field, FaultCode::Reference, "no such row");
        let column = self
            .model()
            .field(field)
            .map(|field| field.column.to_string());
        let place = Place {
            table: Some(self.model().table.to_string()),
            columns: column.into_iter().collect(),
            constraint: Some(foreign_key_name(self.model(), relation)),
        };
        error
            .with_message(format!("no row of {table:?} is named by {field:?}"))
            .with_faults(vec![fault])
            .with_place(place)
    }
}

/// The error of an operation on a row that does not exist.
pub(crate) fn row_not_found(model: &ModelSchema) -> Error {
    let message = format!("model {:?} has no row with {}", model.name, this_key(model));
    Error::new(Kind::NotFound, message)
}

/// What a message says of a key: no value, but of which fields it is made where that is not plain.
pub(crate) fn this_key(model: &ModelSchema) -> String {
    match model.key.is_composite() {
        false => "this key".to_owned(),
        true => format!("this {}", model.key),
    }
}
