//! What was written, with the tokens kept so that a message can underline them.

mod access;
mod evolution;
mod index;
mod inverse;
mod limit;
mod relation;
mod row;
mod rules;

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{LitStr, Path, Type, Visibility};

pub(crate) use access::ParsedAccess;
pub(crate) use evolution::ParsedDrops;
pub(crate) use index::{
    INITIALLY_DEFERRED, INITIALLY_IMMEDIATE, NOT_DISTINCT, Nulls, ParsedIndex, ParsedMember,
    ParsedMemberKey,
};
pub(crate) use inverse::{ParsedInverse, ParsedWay};
pub(crate) use limit::ParsedLimit;
pub(crate) use relation::{Action, ParsedAction, ParsedRules};
pub(crate) use row::{ParsedRow, ParsedRowField};
pub(crate) use rules::ParsedValueRules;

use crate::name;

/// A struct that derives `Model`.
pub(crate) struct ParsedModel {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) krate: Option<Path>,
    pub(crate) table: Option<LitStr>,
    pub(crate) schema: Option<LitStr>,
    pub(crate) append_only: Option<Ident>,
    pub(crate) audit: Option<Ident>,
    pub(crate) row_level_security: Option<Ident>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) without_rowid: Option<Ident>,
    pub(crate) renamed_from: Option<LitStr>,
    pub(crate) moved_from: Option<LitStr>,
    pub(crate) drops: ParsedDrops,
    pub(crate) fields: Vec<ParsedField>,
    pub(crate) indexes: Vec<ParsedIndex>,
    pub(crate) inverses: Vec<ParsedInverse>,
    pub(crate) checks: Vec<ParsedCheck>,
}

/// A field and its attributes. A flag is kept as the word that set it.
pub(crate) struct ParsedField {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) field_type: Type,
    pub(crate) column: Option<LitStr>,
    pub(crate) primary_key: Option<Ident>,
    pub(crate) generate: Option<ParsedGenerator>,
    pub(crate) client_key: Option<Ident>,
    pub(crate) unique: Option<Ident>,
    pub(crate) index: Option<Ident>,
    pub(crate) default: Option<ParsedDefault>,
    pub(crate) created_at: Option<Ident>,
    pub(crate) updated_at: Option<Ident>,
    pub(crate) version: Option<Ident>,
    pub(crate) soft_delete: Option<Ident>,
    pub(crate) tenant: Option<Ident>,
    pub(crate) default_sql: Option<LitStr>,
    pub(crate) generated: Option<LitStr>,
    pub(crate) is_virtual: Option<Ident>,
    pub(crate) limit: ParsedLimit,
    pub(crate) value_rules: ParsedValueRules,
    pub(crate) access: ParsedAccess,
    pub(crate) adopts: Option<LitStr>,
    pub(crate) collation: Option<LitStr>,
    pub(crate) belongs_to: Option<Path>,
    pub(crate) rules: ParsedRules,
    pub(crate) checks: Vec<ParsedCheck>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
    /// Whether a mistake kept an attribute from being read, so that a missing one proves nothing.
    pub(crate) incomplete: bool,
}

impl ParsedModel {
    /// The name of its table.
    pub(crate) fn table_name(&self) -> String {
        match &self.table {
            Some(table) => table.value(),
            None => name::table_name(&self.name),
        }
    }

    /// What the relation of a field is called: as it says, else the field without `_id`. A field of
    /// that name goes first, and then the relation has none.
    pub(crate) fn relation_name(&self, field: &ParsedField) -> Option<String> {
        if let Some(name) = &field.rules.name {
            return Some(name.value());
        }
        let name = field.name.strip_suffix("_id")?;
        let is_taken = |other: &ParsedField| other.name.to_uppercase() == name.to_uppercase();
        (!name.is_empty() && !self.fields.iter().any(is_taken)).then(|| name.to_owned())
    }

    /// The fields that are the key, of which a checked model has one or more.
    pub(crate) fn key(&self) -> impl Iterator<Item = &ParsedField> {
        let fields = self.fields.iter();
        fields.filter(|field| field.primary_key.is_some())
    }

    /// Whether the key has several fields.
    pub(crate) fn has_composite_key(&self) -> bool {
        self.key().nth(1).is_some()
    }
}

impl ParsedField {
    /// The words that make the library write it.
    pub(crate) fn stamps(&self) -> impl Iterator<Item = &Ident> {
        let of_times = [&self.created_at, &self.updated_at, &self.soft_delete];
        of_times.into_iter().chain([&self.version]).flatten()
    }

    /// The name of its column.
    pub(crate) fn column_name(&self) -> String {
        match &self.column {
            Some(column) => column.value(),
            None => self.name.clone(),
        }
    }
}

/// What follows `check`.
pub(crate) struct ParsedCheck {
    pub(crate) name: Option<LitStr>,
    pub(crate) expression: LitStr,
}

/// What follows `generate`.
pub(crate) struct ParsedGenerator {
    pub(crate) literal: LitStr,
    pub(crate) kind: Generator,
}

/// Who makes a key.
#[derive(Clone, Copy)]
pub(crate) enum Generator {
    Serial,
    UuidV7,
    None,
}

/// What follows `default`.
pub(crate) struct ParsedDefault {
    pub(crate) tokens: TokenStream,
    pub(crate) literal: DefaultLiteral,
}

/// A literal that a field can have as its default.
pub(crate) enum DefaultLiteral {
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
}

/// An enum that derives `ModelEnum`.
pub(crate) struct ParsedEnum {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) krate: Option<Path>,
    /// The type of its own that it has in the database.
    pub(crate) type_name: Option<LitStr>,
    pub(crate) variants: Vec<ParsedVariant>,
}

/// A variant and the name under which it is stored.
pub(crate) struct ParsedVariant {
    pub(crate) ident: Ident,
    pub(crate) rename: Option<LitStr>,
}

impl ParsedVariant {
    /// What is stored.
    pub(crate) fn stored_name(&self) -> String {
        match &self.rename {
            Some(rename) => rename.value(),
            None => name::snake_case(&self.ident.unraw().to_string()),
        }
    }
}
