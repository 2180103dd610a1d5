//! The indexes of a model.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt;

use super::{list, optional, text};
use crate::parsed::{
    INITIALLY_DEFERRED, Nulls, ParsedField, ParsedIndex, ParsedMember, ParsedMemberKey, ParsedModel,
};

/// Those of the fields first, in their order, then those of the struct.
pub(super) fn indexes(model: &ParsedModel) -> Vec<TokenStream> {
    let of_fields = model.fields.iter().filter_map(|field| {
        let unique = field.unique.is_some();
        (unique || field.index.is_some()).then(|| of_field(field, unique))
    });
    let of_struct = model.indexes.iter().map(index);
    of_fields.chain(of_struct).collect()
}

// __dataflow::Index {
//     name: __dataflow::Option::Some(__dataflow::Cow::Borrowed("by_name")),
//     members: __dataflow::Cow::Borrowed(&[__dataflow::IndexMember::of("name"), …]),
//     unique: false,
//     …
// }
fn index(index: &ParsedIndex) -> TokenStream {
    let unique = index.word == "unique";
    let name = optional(index.name.as_ref().map(literal));
    let members = list(index.members.iter().map(member));
    let method = optional(index.method.as_ref().map(literal));
    let include = index
        .include
        .iter()
        .map(|ident| text(&ident.unraw().to_string()));
    let include = list(include);
    let predicate = optional(index.predicate.as_ref().map(literal));
    let deferrable = optional(index.deferrable.as_ref().map(deferrable));
    let nulls_not_distinct = index.nulls.is_some();
    quote! {
        __dataflow::Index {
            name: #name,
            members: #members,
            unique: #unique,
            method: #method,
            include: #include,
            predicate: #predicate,
            deferrable: #deferrable,
            nulls_not_distinct: #nulls_not_distinct,
        }
    }
}

/// What else may be written was reported.
fn deferrable(when: &LitStr) -> TokenStream {
    match when.value() == INITIALLY_DEFERRED {
        true => quote!(__dataflow::Deferrable::InitiallyDeferred),
        false => quote!(__dataflow::Deferrable::InitiallyImmediate),
    }
}

fn of_field(field: &ParsedField, unique: bool) -> TokenStream {
    let word = Ident::new(if unique { "unique" } else { "index" }, field.ident.span());
    let mut plain = ParsedIndex::new(word);
    let key = ParsedMemberKey::Field(field.ident.clone());
    plain.members.push(ParsedMember::new(key));
    index(&plain)
}

// __dataflow::IndexMember {
//     key: __dataflow::IndexKey::Expression(__dataflow::Cow::Borrowed("lower(email)")),
//     descending: true,
//     nulls: __dataflow::Option::Some(__dataflow::Nulls::Last),
//     operator_class: __dataflow::Option::None,
// }
fn member(member: &ParsedMember) -> TokenStream {
    let key = match &member.key {
        ParsedMemberKey::Field(ident) => {
            let name = ident.unraw().to_string();
            if member.is_plain() {
                return quote!(__dataflow::IndexMember::of(#name));
            }
            let name = text(&name);
            quote!(__dataflow::IndexKey::Field(#name))
        }
        ParsedMemberKey::Expression(sql) => {
            let sql = literal(sql);
            quote!(__dataflow::IndexKey::Expression(#sql))
        }
    };
    let descending = member.descending;
    let nulls = optional(member.nulls.map(|nulls| match nulls {
        Nulls::First => quote!(__dataflow::Nulls::First),
        Nulls::Last => quote!(__dataflow::Nulls::Last),
    }));
    let operator_class = optional(member.operator_class.as_ref().map(literal));
    quote! {
        __dataflow::IndexMember {
            key: #key,
            descending: #descending,
            nulls: #nulls,
            operator_class: #operator_class,
        }
    }
}

fn literal(literal: &LitStr) -> TokenStream {
    text(&literal.value())
}
