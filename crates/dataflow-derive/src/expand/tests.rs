//! What comes out, whole, as `cargo expand` would show it.

mod enumeration;
mod mistake;
mod model;
mod part;
mod relations;
mod rules;

/// The code, laid out. The package whose manifest is read is this one, which has dataflow-core as a
/// dev-dependency.
fn pretty(tokens: proc_macro2::TokenStream) -> String {
    let file = syn::parse2(tokens).expect("generated code is a list of items");
    prettyplease::unparse(&file)
}
