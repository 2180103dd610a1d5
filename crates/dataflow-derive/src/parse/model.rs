//! A struct that derives `Model`.

use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Field, Fields, Token};

use super::Arguments;
use super::description::description;
use super::drops::drops;
use super::field::field;
use super::index::index;
use super::inverse::inverses;
use crate::errors::Errors;
use crate::parsed::{ParsedIndex, ParsedModel};
use crate::words;

/// The model, unless the item is something else than a struct with named fields.
pub(crate) fn model(input: &DeriveInput, errors: &mut Errors) -> Option<ParsedModel> {
    let arguments = Arguments::read(&input.attrs, &words::MODEL, errors);
    let krate = super::krate(&arguments, errors);
    let table = arguments.value("table", errors);
    let indexes = indexes(&arguments, errors);
    let inverses = inverses(&arguments, errors);
    let checks = super::checks(&arguments, errors);
    let drops = drops(&arguments, errors);
    if !input.generics.params.is_empty() {
        errors.add(
            &input.generics,
            "a model has one table, so it takes no generics; write one struct for each table",
        );
    }
    let fields = named_fields(input, errors)?;
    Some(ParsedModel {
        name: input.ident.unraw().to_string(),
        ident: input.ident.clone(),
        visibility: input.vis.clone(),
        description: description(&input.attrs),
        krate,
        table,
        schema: arguments.value("schema", errors),
        append_only: arguments.flag("append_only"),
        audit: arguments.flag("audit"),
        row_level_security: arguments.flag("row_level_security"),
        comment: arguments.value("comment", errors),
        without_rowid: arguments.flag("without_rowid"),
        renamed_from: arguments.value("renamed_from", errors),
        moved_from: arguments.value("moved_from", errors),
        drops,
        fields: fields
            .iter()
            .filter_map(|syntax| Some(field(syntax, syntax.ident.as_ref()?, errors)))
            .collect(),
        indexes,
        inverses,
        checks,
    })
}

fn named_fields<'a>(
    input: &'a DeriveInput,
    errors: &mut Errors,
) -> Option<&'a Punctuated<Field, Token![,]>> {
    const NAMED: &str = "a model has fields with names: `struct User { id: i64 }`";
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(&fields.named),
            Fields::Unnamed(fields) => errors.add(fields, NAMED),
            Fields::Unit => errors.add(&input.ident, NAMED),
        },
        Data::Enum(data) => errors.add(
            data.enum_token,
            "an enum is no model; derive `ModelEnum` to use it as a field of one",
        ),
        Data::Union(data) => errors.add(data.union_token, "a union is no model; use a struct"),
    }
    None
}

fn indexes(arguments: &Arguments, errors: &mut Errors) -> Vec<ParsedIndex> {
    arguments
        .lists(&["index", "unique"])
        .filter_map(|(word, tokens)| index(word, tokens.clone(), errors))
        .collect()
}
