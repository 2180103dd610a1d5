//! What must hold between the attributes of a struct that rows are read as.

use std::collections::HashSet;

use super::name::is_not_empty;
use crate::errors::Errors;
use crate::parsed::{ParsedRow, ParsedRowField};

/// Checks every rule and reports every mistake.
pub(crate) fn row(row: &ParsedRow, errors: &mut Errors) {
    if row.fields.is_empty() {
        errors.add(
            &row.ident,
            "a struct without fields reads nothing; add a field for each column",
        );
    }
    for field in &row.fields {
        is_not_empty("column", field.column.as_ref(), errors);
        columns_are_named_where_they_stand(row, field, errors);
    }
    no_two_fields_read_one_column(row, errors);
}

/// A model knows what its columns are called; a statement does not know a model.
fn columns_are_named_where_they_stand(
    row: &ParsedRow,
    field: &ParsedRowField,
    errors: &mut Errors,
) {
    match (&row.of, &field.column, &field.field) {
        (Some(_), Some(column), _) => errors.add(
            column,
            "the model says what its columns are called; name its field, as in `field = email`",
        ),
        (None, _, Some(named)) => errors.add(
            named,
            "this names a field of a model; say which with `#[model(of = User)]` on the struct, \
             or name the column, as in `column = \"e_mail\"`",
        ),
        _ => {}
    }
}

fn no_two_fields_read_one_column(row: &ParsedRow, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for field in row.fields.iter().filter(|_| row.of.is_none()) {
        if !seen.insert(field.column_name()) {
            errors.add(
                &field.ident,
                "another field reads this column; remove one, or name another column",
            );
        }
    }
}
