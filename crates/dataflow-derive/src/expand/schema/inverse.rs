//! The models that point at a model.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::parsed::{ParsedInverse, ParsedModel, ParsedWay};

/// Those of a model, in the order of their declaration.
pub(super) fn inverses(model: &ParsedModel) -> Vec<TokenStream> {
    let inverses = model.inverses.iter();
    inverses
        .map(|declared| inverse(&model.ident, declared))
        .collect()
}

// __dataflow::inverse::<User, Post, _>(
//     "posts",
//     __dataflow::Arity::Many,
//     "author_id",
//     Post::AUTHOR_ID,
// )
fn inverse(model: &Ident, inverse: &ParsedInverse) -> TokenStream {
    let (name, target, span) = (inverse.name(), &inverse.target, inverse.target.span());
    let (arity, field) = match &inverse.way {
        ParsedWay::One(field) => (quote!(__dataflow::Arity::One), field),
        ParsedWay::Many(field) => (quote!(__dataflow::Arity::Many), field),
        ParsedWay::Through {
            between,
            here,
            there,
        } => return through(model, inverse, (between, here, there)),
    };
    let column = column(target, field);
    let field = field.unraw().to_string();
    quote_spanned!(span=>
        __dataflow::inverse::<#model, #target, _>(#name, #arity, #field, #column))
}

// __dataflow::inverse_through::<Post, Tag, _, _, _>(
//     "tags",
//     ("post_id", "tag_id"),
//     PostTag::POST_ID,
//     PostTag::TAG_ID,
// )
fn through(
    model: &Ident,
    inverse: &ParsedInverse,
    (between, here, there): (&Path, &Ident, &Ident),
) -> TokenStream {
    let (name, target, span) = (inverse.name(), &inverse.target, inverse.target.span());
    let columns = [here, there].map(|field| column(between, field));
    let [column_here, column_there] = columns;
    let [here, there] = [here, there].map(|field| field.unraw().to_string());
    quote_spanned!(span=>
    __dataflow::inverse_through::<#model, #target, _, _, _>(
        #name, (#here, #there), #column_here, #column_there
    ))
}

/// The column of a field of another model.
fn column(model: &Path, field: &Ident) -> TokenStream {
    let constant = Ident::new(&field.unraw().to_string().to_uppercase(), field.span());
    quote_spanned!(field.span()=> #model::#constant)
}
