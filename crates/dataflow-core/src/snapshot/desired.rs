//! From models to the tables they need.

use super::{Column, DatabaseSnapshot, ForeignKey, Index, Table};
use crate::dialect::Dialect;
use crate::schema::{self, Field, KeyGenerator, ModelSchema, Relation, SchemaSet};

/// The tables that a validated set of models needs on a database of a dialect.
pub fn desired(schema_set: &SchemaSet, dialect: &dyn Dialect) -> DatabaseSnapshot {
    let tables = schema_set.models().map(|model| table(model, dialect));
    DatabaseSnapshot {
        tables: tables.collect(),
    }
}

fn table(model: &ModelSchema, dialect: &dyn Dialect) -> Table {
    let columns = model
        .fields
        .iter()
        .map(|field| column(model, field, dialect));
    Table {
        name: model.table.to_string(),
        columns: columns.collect(),
        primary_key: vec![model.key_field().column.to_string()],
        indexes: model
            .indexes
            .iter()
            .map(|index| index_of(model, index))
            .collect(),
        foreign_keys: model
            .relations
            .iter()
            .map(|relation| foreign_key(model, relation))
            .collect(),
    }
}

fn column(model: &ModelSchema, field: &Field, dialect: &dyn Dialect) -> Column {
    let is_key = field.name == model.key.field;
    Column {
        name: field.column.to_string(),
        column_type: dialect.column_type(&field.field_type).to_owned(),
        nullable: field.nullable,
        default: dialect.default_expression(field),
        is_serial: is_key && model.key.generator == KeyGenerator::Serial,
    }
}

fn index_of(model: &ModelSchema, index: &schema::Index) -> Index {
    let columns: Vec<String> = index
        .fields
        .iter()
        .map(|name| column_name(model, name))
        .collect();
    let suffix = if index.unique { "key" } else { "idx" };
    Index {
        name: constraint_name(&model.table, &columns, suffix),
        columns,
        unique: index.unique,
        is_partial: false,
    }
}

fn foreign_key(model: &ModelSchema, relation: &Relation) -> ForeignKey {
    let column = column_name(model, &relation.field);
    ForeignKey {
        name: constraint_name(&model.table, std::slice::from_ref(&column), "fkey"),
        column,
        referenced_table: relation.table.to_string(),
        referenced_column: relation.column.to_string(),
    }
}

fn column_name(model: &ModelSchema, field: &str) -> String {
    let field = model
        .field(field)
        .expect("a validated model's indexes and relations name its fields");
    field.column.to_string()
}

/// `table_column_key`, as PostgreSQL itself names such things. A name over its 63 bytes is cut and
/// ends in a hash of the whole, so that two long names stay two.
fn constraint_name(table: &str, columns: &[String], suffix: &str) -> String {
    const LONGEST_NAME: usize = 63;
    const HASH_AND_BAR: usize = 9;

    let name = format!("{table}_{}_{suffix}", columns.join("_"));
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let hash = crate::ddl::Fingerprint::of(name.as_bytes()).to_string();
    let mut end = LONGEST_NAME - HASH_AND_BAR;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{}", &name[..end], &hash[..HASH_AND_BAR - 1])
}
