//! `#[derive(Model)]` and its relatives.

mod check;
mod errors;
mod expand;
mod krate;
#[expect(
    unreachable_pub,
    reason = "the file is dataflow-core's, where the functions are public"
)]
mod name;
mod parse;
mod parsed;
mod words;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct with named fields a model: a table, and what reads and writes its rows.
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::model(&input).into()
}

/// Makes an enum without fields a type that a model's field can have, stored by name.
#[proc_macro_derive(ModelEnum, attributes(model))]
pub fn derive_model_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::enumeration(&input).into()
}
