//! What the database says of a mistake, in the words of who made it.

mod constraint;

use dataflow_core::error::{Kind, Place};
use dataflow_core::schema::KeyGenerator;
use dataflow_core::snapshot::{foreign_key_name, guard_name, unique_name};
use dataflow_core::{Error, ModelSchema};

use super::Table;
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
        if error.is_foreign_key()
            && let Some((name, column)) = self.foreign_key(&place)
        {
            place.constraint = Some(name);
            place.columns = vec![column];
        }
        if error.is_check() && place.columns.is_empty() {
            place.columns = self.guarded(&place).into_iter().collect();
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

    /// The foreign key at fault, by the name that the model has for it or by its column; the databases
    /// tell one of them. The table is the one that has it.
    fn foreign_key(&self, place: &Place) -> Option<(String, String)> {
        let table = place.table.as_deref()?;
        let member = self.family.find(table)?;
        let model = &member.model;
        let mut keys = model.relations.iter().filter_map(|relation| {
            let column = model.field(&relation.field)?.column.to_string();
            Some((foreign_key_name(model, relation), column))
        });
        let is_it = |(name, column): &(String, String)| match &place.constraint {
            Some(constraint) => constraint == name,
            None => place.columns == [&**column],
        };
        keys.find(is_it)
    }

    /// The column that a check is the limit or the guard of.
    fn guarded(&self, place: &Place) -> Option<String> {
        let constraint = place.constraint.as_deref()?;
        let model = self.model();
        let mut fields = model.fields.iter();
        let field = fields.find(|field| guard_name(model, field) == constraint)?;
        Some(field.column.to_string())
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
