//! The impl of `Model`.

use proc_macro2::TokenStream;
use quote::quote;

use super::{columns, relations, row, schema};
use crate::parsed::ParsedModel;

// #[automatically_derived]
// impl __dataflow::Model for User {
//     type Key = String;
//     const TABLE: &'static __dataflow::str = "users";
//     const KEY_COLUMN: &'static __dataflow::str = "id";
//     fn schema() -> &'static __dataflow::ModelSchema { static SCHEMA … &SCHEMA }
//     fn key(&self) -> &Self::Key { &self.id }
//     fn values(&self) -> … { … }
//     fn from_row(…) -> … { … }
// }
// impl User { pub const EMAIL: … }
// impl User { pub const POSTS: … }
pub(super) fn model(model: &ParsedModel) -> TokenStream {
    let key = model.key().expect("a checked model has a key");
    let (ident, table) = (&model.ident, model.table_name());
    let (key_ident, key_type, key_column) = (&key.ident, &key.field_type, key.column_name());
    let schema = schema::schema(model, key);
    let values = row::values(model);
    let from_row = row::from_row(model);
    let columns = columns::columns(model);
    let relations = relations::relations(model);
    quote! {
        #[automatically_derived]
        impl __dataflow::Model for #ident {
            type Key = #key_type;
            const TABLE: &'static __dataflow::str = #table;
            const KEY_COLUMN: &'static __dataflow::str = #key_column;

            #schema

            fn key(&self) -> &Self::Key {
                &self.#key_ident
            }

            #values
            #from_row
        }

        #columns
        #relations
    }
}
