//! What the database says of a mistake, in the words of who made it.

mod constraint;
mod suspect;

use dataflow_core::error::{Kind, Place};
use dataflow_core::query::Effect;
use dataflow_core::schema::KeyGenerator;
use dataflow_core::snapshot::{foreign_key_name, guard_name, unique_name};
use dataflow_core::{Error, ModelSchema};

use super::{Family, Table};
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
        place.table.get_or_insert_with(|| self.table_name());
        if error.is_unique() && place.constraint.is_none() {
            place.constraint = unique_name(self.model(), &place.columns);
        }
        if error.is_foreign_key() {
            self.family.complete_foreign_key(&mut place);
        }
        if error.is_check() && place.columns.is_empty() {
            place.columns = self.guarded(&place).into_iter().collect();
        }
        let mut faults = error.faults().to_vec();
        for fault in &mut faults {
            let Some((parent, column)) = member(&fault.pointer) else {
                continue;
            };
            let mut fields = self.model().fields.iter();
            if let Some(field) = fields.find(|field| field.column == column) {
                let name = field.name.replace('~', "~0").replace('/', "~1");
                fault.pointer = format!("{parent}/{name}");
            }
        }
        error.with_faults(faults).with_place(place)
    }

    /// What is refused before the database is asked has its place there all the same: the columns of
    /// the fields at fault.
    pub(crate) fn placed(&self, error: Error) -> Error {
        if !error.is_invalid() || *error.place() != Place::default() {
            return error;
        }
        let faults = error.faults().iter();
        let named: Vec<_> = faults.filter_map(|fault| member(&fault.pointer)).collect();
        let fields = self.model().fields.iter();
        let at_fault = fields.filter(|field| named.iter().any(|(_, name)| field.name == *name));
        let columns: Vec<String> = at_fault.map(|field| field.column.to_string()).collect();
        if columns.is_empty() {
            return error;
        }
        error.with_place(Place {
            table: Some(self.table_name()),
            columns,
            constraint: None,
        })
    }

    /// A value of a row that is none of its field is told with the table that holds it.
    pub(super) fn of_row(&self, error: Error) -> Error {
        let mut place = error.place().clone();
        let mut fields = self.model().fields.iter();
        let mut is_own = |column: &String| fields.any(|field| field.column == *column);
        if place.table.is_some() || !matches!(&*place.columns, [only] if is_own(only)) {
            return error;
        }
        let table = self.table_name();
        let error = error.within(format_args!("table {table:?}"));
        place.table = Some(table);
        error.with_place(place)
    }

    fn table_name(&self) -> String {
        self.model().table.to_string()
    }

    /// The refusal of a write that names no column, with those that it may be about.
    pub(super) fn of_written(
        &self,
        error: Error,
        written: impl Iterator<Item = (usize, Effect)>,
    ) -> Error {
        match error.is_too_long() || error.is_out_of_range() {
            true => self.in_fields(suspect::suspected(self.model(), error, written)),
            false => error,
        }
    }

    /// The refusal of new rows whose columns at some positions were given.
    pub(super) fn of_new(&self, error: Error, positions: &[usize]) -> Error {
        let written = positions.iter().map(|position| (*position, Effect::Set));
        self.of_counted_key(self.of_written(error, written), positions)
    }

    /// The refusal of a key that the database counted up, by what keeps the column to the field's
    /// width.
    fn of_counted_key(&self, error: Error, positions: &[usize]) -> Error {
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

    /// The column that a check is the limit or the guard of.
    fn guarded(&self, place: &Place) -> Option<String> {
        let constraint = place.constraint.as_deref()?;
        let model = self.model();
        let mut fields = model.fields.iter();
        let field = fields.find(|field| guard_name(model, field) == constraint)?;
        Some(field.column.to_string())
    }
}

impl Family {
    /// Adds what a database does not tell of the foreign key at fault, which has a name and a column;
    /// it tells one of them, and the table that has it.
    pub(super) fn complete_foreign_key(&self, place: &mut Place) {
        let Some(member) = place.table.as_deref().and_then(|table| self.find(table)) else {
            return;
        };
        let model = &member.model;
        let mut keys = model.relations.iter().filter_map(|relation| {
            let column = model.field(&relation.field)?.column.to_string();
            Some((foreign_key_name(model, relation), column))
        });
        let is_it = |(name, column): &(String, String)| match &place.constraint {
            Some(constraint) => constraint == name,
            None => place.columns == [&**column],
        };
        if let Some((name, column)) = keys.find(is_it) {
            place.constraint = Some(name);
            place.columns = vec![column];
        }
    }
}

/// The last member of a pointer, and what leads to it.
fn member(pointer: &str) -> Option<(&str, String)> {
    let (parent, member) = pointer.rsplit_once('/')?;
    Some((parent, member.replace("~1", "/").replace("~0", "~")))
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
