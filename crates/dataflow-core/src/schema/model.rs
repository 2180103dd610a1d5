//! A model: its schema as a value, and the trait that ties it to a struct.

use serde::{Deserialize, Serialize};

use super::{
    Check, Evolution, Field, Index, Inverse, Key, KeyValue, List, Relation, Stamp, TableName, Text,
};
use crate::error::Result;
use crate::row::RowSource;
use crate::value::Value;

/// All that is declared about one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSchema {
    /// The name of the struct, such as `User`.
    pub name: Text,
    /// The table that holds its rows, such as `users`.
    pub table: TableName,
    /// The struct's documentation, shown by OpenAPI and MCP.
    pub description: Option<Text>,
    /// The fields, in the order of the struct.
    pub fields: List<Field>,
    /// What identifies a row.
    pub key: Key,
    /// Indexes, unique and plain, without that of the key.
    pub indexes: List<Index>,
    /// The models this one points at.
    pub relations: List<Relation>,
    /// The models that point at this one, where that has a name.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub inverses: List<Inverse>,
    /// Conditions that every row fulfills.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub checks: List<Check>,
    /// Whether rows are only added: none is changed or deleted, by any verb.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub append_only: bool,
    /// Whether it is written down who changed which row, when and how.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub audited: bool,
    /// Whether the database itself keeps the rows of tenants apart, from every statement of whatever
    /// program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub row_level_security: bool,
    /// What a database that keeps comments says about its table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// Whether SQLite keeps the rows by their key alone, without a number of their own beside it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_rowid: bool,
    /// What became of the table and its columns since versions before.
    #[serde(default, skip_serializing_if = "Evolution::is_none")]
    pub evolution: Evolution,
}

impl ModelSchema {
    /// A model of fields and a key, stored in a table of its usual name, of which nothing else is
    /// declared.
    pub fn new(name: impl Into<Text>, fields: impl Into<List<Field>>, key: Key) -> Self {
        let name = name.into();
        Self {
            table: super::table_name(&name).into(),
            name,
            description: None,
            fields: fields.into(),
            key,
            indexes: Vec::new().into(),
            relations: Vec::new().into(),
            inverses: Vec::new().into(),
            checks: Vec::new().into(),
            append_only: false,
            audited: false,
            row_level_security: false,
            comment: None,
            without_rowid: false,
            evolution: Evolution::NONE,
        }
    }

    /// The field of a name, as JSON and Rust spell it.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The position of a field of a name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The position of the field that says whose row this is, where rows have owners: statements
    /// reach those of one tenant alone.
    pub fn tenant(&self) -> Option<usize> {
        self.fields.iter().position(|field| field.tenant)
    }

    /// The position of the field that says when a row was deleted, where rows stay then.
    pub fn deleted(&self) -> Option<usize> {
        let is_deletion = |field: &Field| field.stamp == Some(Stamp::Deleted);
        self.fields.iter().position(is_deletion)
    }

    /// Whether fields, by position and in any order, are the key.
    pub fn is_key(&self, fields: &[usize]) -> bool {
        let key = self.key_positions();
        key.len() == fields.len() && key.iter().all(|position| fields.contains(position))
    }

    /// The field that is the key, and that relations to this model hold; the first of several,
    /// which no relation leads to.
    ///
    /// # Panics
    ///
    /// When the key names no field, which [`SchemaSet::validated`](super::SchemaSet::validated)
    /// refuses.
    pub fn key_field(&self) -> &Field {
        let mut fields = self.key_fields();
        fields.next().expect("a validated model has a key")
    }

    /// The fields that are the key, in its order.
    ///
    /// # Panics
    ///
    /// As [`key_field`](Self::key_field).
    pub fn key_fields(&self) -> impl Iterator<Item = &Field> {
        let names = self.key.fields.iter();
        names.map(|name| {
            self.field(name)
                .expect("a validated model's key names its fields")
        })
    }

    /// The positions of the fields that are the key, in its order.
    ///
    /// # Panics
    ///
    /// As [`key_field`](Self::key_field).
    pub fn key_positions(&self) -> Vec<usize> {
        let position = |name: &Text| {
            let found = self.position(name);
            found.expect("a validated model's key names its fields")
        };
        self.key.fields.iter().map(position).collect()
    }

    /// What a relation of this model is called: its own name, else its field without `_id`. A field
    /// of that name goes first, and then the relation has none.
    pub fn name_of<'a>(&'a self, relation: &'a Relation) -> Option<&'a str> {
        match &relation.name {
            Some(name) => Some(name),
            None => relation
                .field
                .strip_suffix("_id")
                .filter(|name| !name.is_empty() && self.field(name).is_none()),
        }
    }

    /// The names of what leads to other models, in both directions.
    pub fn relation_names(&self) -> impl Iterator<Item = &str> {
        let own = self.relations.iter();
        let own = own.filter_map(|relation| self.name_of(relation));
        own.chain(self.inverses.iter().map(|inverse| &*inverse.name))
    }

    /// The name of the model in operation names, such as `blog_post` in `blog_post_create`.
    pub fn noun(&self) -> String {
        super::snake_case(&self.name)
    }
}

/// A struct whose values are the rows of a table. Derive it.
///
/// Columns are read and written by ordinal: the order of `schema().fields` is the order of
/// [`values`](Model::values) and of the row that [`from_row`](Model::from_row) reads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    note = "add `#[derive(Model)]` to `{Self}`"
)]
pub trait Model: Sized + Send + Sync + 'static {
    /// The type of the key: that of its field, or a tuple where it has several.
    type Key: KeyValue;

    /// The name of the table. It stands in the schema too; as a constant, relations of other models
    /// can name it.
    const TABLE: TableName;

    /// The name of the key's column; of the first where it has several.
    const KEY_COLUMN: &'static str;

    /// The schema, the same value on every call.
    fn schema() -> &'static ModelSchema;

    /// The key of this row.
    fn key(&self) -> <Self::Key as KeyValue>::Ref<'_>;

    /// The values of the fields, in the order of the schema.
    fn values(&self) -> Vec<Value>;

    /// Reads a row whose columns come in the order of the schema.
    ///
    /// # Errors
    ///
    /// When a column holds what its field's type cannot hold; the error names both.
    fn from_row<R: RowSource>(row: &R) -> Result<Self>;
}
