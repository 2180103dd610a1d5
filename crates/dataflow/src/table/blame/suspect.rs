//! Which columns a refusal may be about that names none.
//!
//! Of a text that is too long and a number that is out of range, PostgreSQL says neither the column nor
//! the table. What was written is known, and what of it a column of its model could not take: what was
//! given has passed the limits of its field, so that a sum is suspected before it.

use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::query::Effect;
use dataflow_core::schema::{Field, FieldType};
use dataflow_core::{Error, ModelSchema};

/// The error with the column that it is about, or with all that it may be about.
pub(super) fn suspected(
    model: &ModelSchema,
    error: Error,
    written: impl Iterator<Item = (usize, Effect)>,
) -> Error {
    let holds: fn(&Field) -> bool = match () {
        () if error.is_too_long() => holds_text,
        () if error.is_out_of_range() => holds_number,
        () => return error,
    };
    if !error.place().columns.is_empty() {
        return error;
    }
    let written: Vec<(usize, Effect)> = written.collect();
    let is_sum = |position| written.contains(&(position, Effect::Add));
    let is_set = |position| written.contains(&(position, Effect::Set));
    let fields = || {
        model
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| holds(field))
    };
    let computed = || fields().filter(|(_, field)| field.generated.is_some());
    let sums: Vec<&Field> = fields()
        .filter(|(position, _)| is_sum(*position))
        .chain(computed())
        .map(|(_, field)| field)
        .collect();
    let suspects = match sums.is_empty() {
        false => sums,
        true => fields()
            .filter(|(position, _)| is_set(*position))
            .map(|(_, field)| field)
            .collect(),
    };
    told(error, &suspects)
}

fn told(error: Error, suspects: &[&Field]) -> Error {
    match suspects {
        [] => error,
        [field] => {
            let message = format!("column {:?}: {}", field.column, error.message());
            let mut place = error.place().clone();
            place.columns = vec![field.column.to_string()];
            // The one place that is known is the member of a bulk.
            let parent = error.faults().first().map_or("", |fault| &*fault.pointer);
            let detail = error.message().to_owned();
            let fault = Fault::at(parent, &field.column, FaultCode::Range, detail);
            error
                .with_faults(vec![fault])
                .with_message(message)
                .with_place(place)
        }
        several => {
            let columns = several.iter().map(|field| format!("{:?}", field.column));
            let columns: Vec<String> = columns.collect();
            let message = format!("{}: one of {}", error.message(), columns.join(", "));
            error.with_message(message)
        }
    }
}

fn holds_text(field: &Field) -> bool {
    matches!(field.field_type, FieldType::String | FieldType::Enum(_))
}

fn holds_number(field: &Field) -> bool {
    use FieldType::{Decimal, F32, F64, I16, I32, I64};
    matches!(field.field_type, I16 | I32 | I64 | F32 | F64 | Decimal)
}
