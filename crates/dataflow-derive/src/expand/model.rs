//! The impl of `Model`.

use proc_macro2::TokenStream;
use quote::quote;

use super::{behaviors, columns, key, relations, row, schema};
use crate::parsed::ParsedModel;

// #[automatically_derived]
// impl __dataflow::Model for User {
//     const TABLE: __dataflow::TableName = __dataflow::TableName { … };
//     type Key = String;
//     const KEY_COLUMN: &'static __dataflow::str = "id";
//     fn key(&self) -> <Self::Key as __dataflow::KeyValue>::Ref<'_> { &self.id }
//     fn schema() -> &'static __dataflow::ModelSchema { static SCHEMA … &SCHEMA }
//     fn values(&self) -> … { … }
//     fn from_row(…) -> … { … }
// }
// impl __dataflow::Changeable for User {}
// impl User { pub const EMAIL: … }
// impl User { pub const POSTS: … }
pub(super) fn model(model: &ParsedModel) -> TokenStream {
    let ident = &model.ident;
    let table = schema::table(model);
    let key = key::key(model);
    let schema = schema::schema(model);
    let values = row::values(model);
    let fields = model.fields.iter();
    let from_row = row::from_row(fields.map(|field| (&field.ident, &field.field_type)));
    let behaviors = behaviors::behaviors(model);
    let columns = columns::columns(model);
    let relations = relations::relations(model);
    quote! {
        #[automatically_derived]
        impl __dataflow::Model for #ident {
            const TABLE: __dataflow::TableName = #table;

            #key
            #schema
            #values
            #from_row
        }

        #behaviors
        #columns
        #relations
    }
}
