//! The relations, as constants of the struct.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::parsed::{ParsedModel, ParsedWay};

// #[automatically_derived]
// #[allow(dead_code, reason = "a program need not follow every relation")]
// #[allow(private_interfaces, reason = "a field may be seen where the model it names is not")]
// impl Post {
//     /// The `User` that `author_id` names.
//     pub const AUTHOR: __dataflow::ToOne<Post, User> = __dataflow::ToOne::new(0usize);
//     /// Its `comments`.
//     pub const COMMENTS: __dataflow::ToMany<Post, Comment> = __dataflow::ToMany::new(1usize);
//     …
// }
pub(super) fn relations(model: &ParsedModel) -> Option<TokenStream> {
    let ident = &model.ident;
    let mut seen: HashSet<String> = HashSet::new();
    seen.extend(model.fields.iter().map(|field| field.name.to_uppercase()));
    // Of two that have one name, which is a mistake of its own, the first stands for both.
    let constants: Vec<TokenStream> = own(model)
        .chain(inverses(model))
        .filter(|(constant, _)| seen.insert(constant.to_string()))
        .map(|(_, tokens)| tokens)
        .collect();
    if constants.is_empty() {
        return None;
    }
    Some(quote! {
        #[automatically_derived]
        #[allow(dead_code, reason = "a program need not follow every relation")]
        #[allow(private_interfaces, reason = "a field may be seen where the model it names is not")]
        impl #ident {
            #(#constants)*
        }
    })
}

/// Those of the model's own fields; each is seen by whoever sees the field.
fn own(model: &ParsedModel) -> impl Iterator<Item = (Ident, TokenStream)> {
    let belonging = model
        .fields
        .iter()
        .filter(|field| field.belongs_to.is_some());
    belonging.enumerate().filter_map(|(position, field)| {
        let (ident, target) = (&model.ident, field.belongs_to.as_ref()?);
        let constant = constant(&model.relation_name(field)?, field.ident.span());
        let visibility = &field.visibility;
        let description = format!("The row that `{}` names.", field.name);
        let tokens = quote_spanned! {field.ident.span()=>
            #[doc = #description]
            #visibility const #constant: __dataflow::ToOne<#ident, #target> =
                __dataflow::ToOne::new(#position);
        };
        Some((constant, tokens))
    })
}

/// Those of other models, read backwards; each is seen by whoever sees the model.
fn inverses(model: &ParsedModel) -> impl Iterator<Item = (Ident, TokenStream)> {
    let own = model
        .fields
        .iter()
        .filter(|field| field.belongs_to.is_some());
    let first = own.count();
    model
        .inverses
        .iter()
        .enumerate()
        .map(move |(index, inverse)| {
            let (ident, visibility, target) = (&model.ident, &model.visibility, &inverse.target);
            let (name, position, span) = (inverse.name(), first + index, inverse.ident.span());
            let constant = constant(&name, span);
            let (kind, value) = match &inverse.way {
                ParsedWay::One(_) => (quote!(ToOne), quote!(new)),
                ParsedWay::Many(_) => (quote!(ToMany), quote!(new)),
                ParsedWay::Through { between, .. } => (quote!(ToMany), quote!(through::<#between>)),
            };
            let description = format!("Its `{name}`.");
            let tokens = quote_spanned! {span=>
                #[doc = #description]
                #visibility const #constant: __dataflow::#kind<#ident, #target> =
                    __dataflow::#kind::#value(#position);
            };
            (constant, tokens)
        })
}

fn constant(name: &str, span: Span) -> Ident {
    Ident::new(&name.to_uppercase(), span)
}
