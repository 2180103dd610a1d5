//! A struct that derives `FromRow`.

use syn::ext::IdentExt;
use syn::{Data, DataStruct, DeriveInput, Field, Fields};

use super::Arguments;
use crate::errors::Errors;
use crate::parsed::{ParsedRow, ParsedRowField};
use crate::words;

/// The struct, unless the item is something else than one with named fields.
pub(crate) fn row(input: &DeriveInput, errors: &mut Errors) -> Option<ParsedRow> {
    let arguments = Arguments::read(&input.attrs, &words::ROW, errors);
    let krate = super::krate(&arguments, errors);
    if !input.generics.params.is_empty() {
        errors.add(
            &input.generics,
            "a row has columns of known types, so its struct takes no generics; remove them",
        );
    }
    let Data::Struct(DataStruct {
        fields: Fields::Named(fields),
        ..
    }) = &input.data
    else {
        let message =
            "a row is read as a struct whose fields have names: `struct Total { sum: i64 }`";
        errors.add(&input.ident, message);
        return None;
    };
    Some(ParsedRow {
        ident: input.ident.clone(),
        visibility: input.vis.clone(),
        krate,
        of: arguments.value("of", errors),
        fields: fields
            .named
            .iter()
            .filter_map(|syntax| field(syntax, errors))
            .collect(),
    })
}

fn field(syntax: &Field, errors: &mut Errors) -> Option<ParsedRowField> {
    let ident = syntax.ident.as_ref()?;
    let arguments = Arguments::read(&syntax.attrs, &words::ROW_FIELD, errors);
    Some(ParsedRowField {
        ident: ident.clone(),
        name: ident.unraw().to_string(),
        field_type: syntax.ty.clone(),
        column: arguments.value("column", errors),
        field: arguments.value("field", errors),
    })
}
