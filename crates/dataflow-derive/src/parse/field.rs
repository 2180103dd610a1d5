//! One field of a model.

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;

use super::Arguments;
use super::default::default;
use super::description::description;
use super::generator::generator;
use super::limit::limit;
use super::relation::rules;
use super::rules::value_rules;
use crate::errors::Errors;
use crate::parsed::{ParsedAccess, ParsedField};
use crate::words;

/// The field, with those of its attributes that can be read.
pub(super) fn field(field: &syn::Field, ident: &Ident, errors: &mut Errors) -> ParsedField {
    let arguments = Arguments::read(&field.attrs, &words::FIELD, errors);
    ParsedField {
        ident: ident.clone(),
        visibility: field.vis.clone(),
        name: ident.unraw().to_string(),
        description: description(&field.attrs),
        field_type: field.ty.clone(),
        column: arguments.value("column", errors),
        primary_key: arguments.flag("primary_key"),
        generate: arguments
            .value("generate", errors)
            .and_then(|literal| generator(literal, errors)),
        client_key: arguments.flag("client_key"),
        unique: arguments.flag("unique"),
        index: arguments.flag("index"),
        default: arguments
            .value("default", errors)
            .and_then(|tokens| default(tokens, errors)),
        created_at: arguments.flag("created_at"),
        updated_at: arguments.flag("updated_at"),
        version: arguments.flag("version"),
        soft_delete: arguments.flag("soft_delete"),
        tenant: arguments.flag("tenant"),
        default_sql: sql(&arguments, "default_sql", errors),
        generated: sql(&arguments, "generated", errors),
        is_virtual: arguments.flag("virtual"),
        limit: limit(&arguments, errors),
        value_rules: value_rules(&arguments, errors),
        access: ParsedAccess {
            read_only: arguments.flag("read_only"),
            write_only: arguments.flag("write_only"),
            sensitive: arguments.flag("sensitive"),
        },
        adopts: arguments.value("adopts", errors),
        collation: arguments.value("collation", errors),
        belongs_to: arguments.value("belongs_to", errors),
        rules: rules(&arguments, errors),
        checks: super::checks(&arguments, errors),
        comment: arguments.value("comment", errors),
        renamed_from: arguments.value("renamed_from", errors),
        incomplete: arguments.incomplete,
    }
}

/// The expression that follows a word.
fn sql(arguments: &Arguments, word: &str, errors: &mut Errors) -> Option<LitStr> {
    let literal: LitStr = arguments.value(word, errors)?;
    if literal.value().trim().is_empty() {
        errors.add(
            &literal,
            format!("`{word}` is empty; write an expression in SQL"),
        );
        return None;
    }
    Some(literal)
}
