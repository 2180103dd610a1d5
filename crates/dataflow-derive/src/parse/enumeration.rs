//! An enum that derives `ModelEnum`.

use syn::{Data, DeriveInput, Fields, Variant};

use super::Arguments;
use crate::errors::Errors;
use crate::parsed::{ParsedEnum, ParsedVariant};
use crate::words;

/// The enum, unless the item is something else.
pub(crate) fn enumeration(input: &DeriveInput, errors: &mut Errors) -> Option<ParsedEnum> {
    let arguments = Arguments::read(&input.attrs, &words::ENUM, errors);
    let krate = super::krate(&arguments, errors);
    if !input.generics.params.is_empty() {
        errors.add(
            &input.generics,
            "a stored enum has no generics; remove them",
        );
    }
    let Data::Enum(data) = &input.data else {
        let message = "only an enum is stored by name; derive `Model` for a struct";
        errors.add(&input.ident, message);
        return None;
    };
    Some(ParsedEnum {
        ident: input.ident.clone(),
        visibility: input.vis.clone(),
        krate,
        type_name: arguments.value("type", errors),
        variants: data
            .variants
            .iter()
            .map(|syntax| variant(syntax, errors))
            .collect(),
    })
}

fn variant(syntax: &Variant, errors: &mut Errors) -> ParsedVariant {
    let arguments = Arguments::read(&syntax.attrs, &words::VARIANT, errors);
    if !matches!(syntax.fields, Fields::Unit) {
        errors.add(
            &syntax.fields,
            "a stored enum holds nothing but its name; use `Json<T>` for a variant with fields",
        );
    }
    ParsedVariant {
        ident: syntax.ident.clone(),
        rename: arguments.value("rename", errors),
    }
}
