//! The model as one `static`.

mod check;
mod evolution;
mod index;
mod inverse;
mod limit;
mod relation;
mod rules;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;

use crate::parsed::{DefaultLiteral, Generator, ParsedField, ParsedModel};

// fn schema() -> &'static __dataflow::ModelSchema {
//     static SCHEMA: __dataflow::ModelSchema = __dataflow::ModelSchema {
//         name: __dataflow::Cow::Borrowed("User"),
//         table: <User as __dataflow::Model>::TABLE,
//         fields: __dataflow::Cow::Borrowed(&[__dataflow::Field { … }, …]),
//         …
//     };
//     &SCHEMA
// }
pub(super) fn schema(model: &ParsedModel) -> TokenStream {
    let name = text(&model.name);
    let ident = &model.ident;
    let description = optional(model.description.as_deref().map(text));
    let fields = list(model.fields.iter().map(field));
    let key = key_of(model);
    let indexes = list(index::indexes(model));
    let relations = list(model.fields.iter().filter_map(relation::relation));
    let inverses = list(inverse::inverses(model));
    let checks = list(check::checks(model));
    let append_only = model.append_only.is_some();
    let audited = model.audit.is_some();
    let row_level_security = model.row_level_security.is_some();
    let comment = comment(model.comment.as_ref());
    let without_rowid = model.without_rowid.is_some();
    let evolution = evolution::evolution(model);
    quote! {
        fn schema() -> &'static __dataflow::ModelSchema {
            static SCHEMA: __dataflow::ModelSchema = __dataflow::ModelSchema {
                name: #name,
                table: <#ident as __dataflow::Model>::TABLE,
                description: #description,
                fields: #fields,
                key: #key,
                indexes: #indexes,
                relations: #relations,
                inverses: #inverses,
                checks: #checks,
                append_only: #append_only,
                audited: #audited,
                row_level_security: #row_level_security,
                comment: #comment,
                without_rowid: #without_rowid,
                evolution: #evolution,
            };
            &SCHEMA
        }
    }
}

// __dataflow::TableName {
//     schema: __dataflow::Option::None,
//     name: __dataflow::Cow::Borrowed("users"),
// }
pub(super) fn table(model: &ParsedModel) -> TokenStream {
    let schema = model.schema.as_ref().map(|schema| text(&schema.value()));
    let (schema, name) = (optional(schema), text(&model.table_name()));
    quote!(__dataflow::TableName { schema: #schema, name: #name })
}

// __dataflow::Field {
//     name: __dataflow::Cow::Borrowed("email"),
//     column: __dataflow::Cow::Borrowed("email"),
//     description: __dataflow::Option::None,
//     field_type: <String as __dataflow::FieldValue>::TYPE,
//     nullable: <String as __dataflow::FieldValue>::NULLABLE,
//     default: __dataflow::Option::None,
//     stamp: __dataflow::Option::None,
//     tenant: false,
//     generated: __dataflow::Option::None,
//     limit: __dataflow::Option::None,
//     adopts: __dataflow::Option::None,
//     collation: __dataflow::Option::None,
//     comment: __dataflow::Option::None,
//     rules: __dataflow::Rules::NONE,
//     access: __dataflow::Access::OPEN,
// }
fn field(field: &ParsedField) -> TokenStream {
    let name = text(&field.name);
    let column = text(&field.column_name());
    let description = optional(field.description.as_deref().map(text));
    let field_type = of_field_value(field, "TYPE");
    let nullable = of_field_value(field, "NULLABLE");
    let default = optional(default(field));
    let stamp = optional(stamp(field));
    let tenant = field.tenant.is_some();
    let generated = optional(generated(field));
    let limit = optional(limit::limit(field));
    let adopts = optional(field.adopts.as_ref().map(|adopts| text(&adopts.value())));
    let collation = optional(collation(field));
    let comment = comment(field.comment.as_ref());
    let rules = rules::rules(field);
    let access = access(field);
    quote! {
        __dataflow::Field {
            name: #name,
            column: #column,
            description: #description,
            field_type: #field_type,
            nullable: #nullable,
            default: #default,
            stamp: #stamp,
            tenant: #tenant,
            generated: #generated,
            limit: #limit,
            adopts: #adopts,
            collation: #collation,
            comment: #comment,
            rules: #rules,
            access: #access,
        }
    }
}

// __dataflow::collation::<String>("NOCASE")
fn collation(field: &ParsedField) -> Option<TokenStream> {
    let (name, field_type) = (field.collation.as_ref()?, &field.field_type);
    Some(quote_spanned!(name.span()=> __dataflow::collation::<#field_type>(#name)))
}

fn access(field: &ParsedField) -> TokenStream {
    let access = &field.access;
    if access.is_open() {
        return quote!(__dataflow::Access::OPEN);
    }
    let [read_only, write_only, sensitive] =
        [&access.read_only, &access.write_only, &access.sensitive].map(Option::is_some);
    quote! {
        __dataflow::Access {
            read_only: #read_only,
            write_only: #write_only,
            sensitive: #sensitive,
        }
    }
}

fn comment(comment: Option<&LitStr>) -> TokenStream {
    optional(comment.map(|comment| text(&comment.value())))
}

fn default(field: &ParsedField) -> Option<TokenStream> {
    if let Some(sql) = &field.default_sql {
        let sql = text(&sql.value());
        return Some(quote!(__dataflow::DefaultValue::Sql(#sql)));
    }
    let default = field.default.as_ref()?;
    Some(default_value(&default.literal))
}

fn generated(field: &ParsedField) -> Option<TokenStream> {
    let expression = text(&field.generated.as_ref()?.value());
    let kept = match field.is_virtual {
        Some(_) => quote!(__dataflow::Kept::Virtual),
        None => quote!(__dataflow::Kept::Stored),
    };
    Some(quote!(__dataflow::Generated { expression: #expression, kept: #kept }))
}

fn default_value(literal: &DefaultLiteral) -> TokenStream {
    match literal {
        DefaultLiteral::Bool(value) => quote!(__dataflow::DefaultValue::Bool(#value)),
        DefaultLiteral::Integer(value) => quote!(__dataflow::DefaultValue::Integer(#value)),
        DefaultLiteral::Float(value) => quote!(__dataflow::DefaultValue::Float(#value)),
        DefaultLiteral::Text(value) => {
            let value = text(value);
            quote!(__dataflow::DefaultValue::Text(#value))
        }
    }
}

fn stamp(field: &ParsedField) -> Option<TokenStream> {
    if field.created_at.is_some() {
        Some(quote!(__dataflow::Stamp::Created))
    } else if field.updated_at.is_some() {
        Some(quote!(__dataflow::Stamp::Updated))
    } else if field.soft_delete.is_some() {
        Some(quote!(__dataflow::Stamp::Deleted))
    } else {
        let (field_type, word) = (&field.field_type, field.version.as_ref()?);
        Some(quote_spanned!(word.span()=> __dataflow::version::<#field_type>()))
    }
}

// __dataflow::Key {
//     fields: __dataflow::Cow::Borrowed(&[__dataflow::Cow::Borrowed("id")]),
//     generator: <String as __dataflow::FieldValue>::KEY_GENERATOR,
//     client_key: false,
// }
fn key_of(model: &ParsedModel) -> TokenStream {
    let fields: Vec<&ParsedField> = model.key().collect();
    let names = list(fields.iter().map(|field| text(&field.name)));
    let generator = match fields[..] {
        [only] => generator(only),
        _ => quote!(__dataflow::KeyGenerator::None),
    };
    let client_key = fields.iter().any(|field| field.client_key.is_some());
    quote! {
        __dataflow::Key { fields: #names, generator: #generator, client_key: #client_key }
    }
}

fn generator(key: &ParsedField) -> TokenStream {
    match key.generate.as_ref().map(|generate| generate.kind) {
        Some(Generator::Serial) => quote!(__dataflow::KeyGenerator::Serial),
        Some(Generator::UuidV7) => quote!(__dataflow::KeyGenerator::UuidV7),
        Some(Generator::None) => quote!(__dataflow::KeyGenerator::None),
        None => of_field_value(key, "KEY_GENERATOR"),
    }
}

/// An associated constant of the field's type. It has the span of that type, so that the compiler
/// underlines the type when it cannot be a field.
fn of_field_value(field: &ParsedField, constant: &str) -> TokenStream {
    let field_type = &field.field_type;
    let constant = Ident::new(constant, field_type.span());
    quote_spanned!(field_type.span()=> <#field_type as __dataflow::FieldValue>::#constant)
}

pub(super) fn text(text: &str) -> TokenStream {
    quote!(__dataflow::Cow::Borrowed(#text))
}

fn list(items: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let items = items.into_iter();
    quote!(__dataflow::Cow::Borrowed(&[#(#items),*]))
}

pub(super) fn optional(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(__dataflow::Option::Some(#value)),
        None => quote!(__dataflow::Option::None),
    }
}
