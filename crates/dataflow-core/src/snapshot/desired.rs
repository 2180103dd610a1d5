//! From models to the tables they need.

mod index;
pub(in crate::snapshot) mod name;

pub(crate) use name::of as constraint_name;

use super::{
    Check, Column, DatabaseSnapshot, EnumType, Existing, ForeignKey, Generated, Guard, Limit,
    RowSecurity, Table, Trigger,
};
use crate::dialect::{self, Dialect};
use crate::error::Result;
use crate::feed;
use crate::schema::{
    self, Field, FieldType, KeyGenerator, ModelSchema, Relation, SchemaSet, TableName, Text,
};

/// The tables that a validated set of models needs on a database of a dialect.
///
/// # Errors
///
/// [`Kind::Unsupported`](crate::error::Kind::Unsupported) when a model declares what that database
/// lacks, and [`Kind::Configuration`](crate::error::Kind::Configuration) when two things of one
/// table would have the same name.
pub fn desired(schema_set: &SchemaSet, dialect: &dyn Dialect) -> Result<DatabaseSnapshot> {
    dialect::can_hold(schema_set, dialect)?;
    let feed = schema_set.wants_change_feed();
    let outbox = (feed == Some(true)).then(|| feed::outbox(dialect));
    let tables = schema_set.models().map(|model| Table {
        triggers: feed.map(|is_wanted| triggers(model, is_wanted, dialect)),
        ..table(model, dialect)
    });
    let snapshot = DatabaseSnapshot {
        tables: outbox.into_iter().chain(tables).collect(),
        schemas: Vec::new(),
        enum_types: enum_types(schema_set, dialect),
    };
    name::are_unique(&snapshot)?;
    Ok(snapshot)
}

/// The name of what stands in for `NOT NULL` of a column until none of its rows holds null.
pub(crate) fn not_null_name(table: &TableName, column: &str) -> String {
    name::of(&table.name, &[column], "not_null")
}

/// The name of the guard of a field's column, where its dialect makes one.
pub fn guard_name(model: &ModelSchema, field: &Field) -> String {
    name::of(&model.table.name, &[&field.column], "type")
}

/// The name of what keeps columns unique: of the key, or of an index.
pub fn unique_name(model: &ModelSchema, columns: &[String]) -> Option<String> {
    let is_it = |unique: &(String, Vec<String>)| unique.1 == columns;
    unique(model).find(is_it).map(|(name, _)| name)
}

/// The columns that a key or an index of a name keeps unique.
pub fn unique_columns(model: &ModelSchema, name: &str) -> Option<Vec<String>> {
    let is_it = |unique: &(String, Vec<String>)| unique.0 == name;
    unique(model).find(is_it).map(|(_, columns)| columns)
}

/// What is unique: the key, as PostgreSQL calls it, for SQLite has no name for it, and indexes.
fn unique(model: &ModelSchema) -> impl Iterator<Item = (String, Vec<String>)> {
    let key = model.key_fields().map(|field| field.column.to_string());
    let key = (format!("{}_pkey", model.table.name), key.collect());
    let indexes = model.indexes.iter().filter(|index| index.unique);
    let indexes = indexes.map(|declared| index::index(model, declared));
    let indexes = indexes.filter(|index| index.include.is_empty());
    let indexes = indexes.map(|index| {
        let columns = index.columns().cloned().collect();
        (index.name, columns)
    });
    std::iter::once(key).chain(indexes)
}

/// The name of the foreign key of a relation.
pub fn foreign_key_name(model: &ModelSchema, relation: &Relation) -> String {
    foreign_key(model, relation).name
}

/// The types of fields that the database keeps under a name, each once.
fn enum_types(schema_set: &SchemaSet, dialect: &dyn Dialect) -> Vec<EnumType> {
    let mut types: Vec<EnumType> = Vec::new();
    if !dialect.capability().enum_types {
        return types;
    }
    let fields = schema_set.models().flat_map(|model| model.fields.iter());
    for (declared, name) in fields.filter_map(|field| field.field_type.made_with()) {
        if types.iter().all(|known| known.name != name) {
            types.push(EnumType {
                name: name.to_owned(),
                labels: declared.variants.iter().map(ToString::to_string).collect(),
            });
        }
    }
    types
}

fn triggers(model: &ModelSchema, are_wanted: bool, dialect: &dyn Dialect) -> Vec<Trigger> {
    match are_wanted {
        true => dialect.triggers(model),
        false => Vec::new(),
    }
}

fn table(model: &ModelSchema, dialect: &dyn Dialect) -> Table {
    let columns = model
        .fields
        .iter()
        .map(|field| column(model, field, dialect));
    Table {
        name: model.table.clone(),
        columns: columns.collect(),
        primary_key: model
            .key_fields()
            .map(|field| field.column.to_string())
            .collect(),
        indexes: model
            .indexes
            .iter()
            .map(|declared| index::index(model, declared))
            .collect(),
        foreign_keys: model
            .relations
            .iter()
            .map(|relation| foreign_key(model, relation))
            .collect(),
        checks: model
            .checks
            .iter()
            .map(|declared| check(model, declared))
            .chain(
                model
                    .fields
                    .iter()
                    .flat_map(|field| dialect::checks_of_rules(&model.table.name, field, dialect)),
            )
            .collect(),
        comment: comment(&model.comment, dialect),
        triggers: None,
        row_security: row_security(model, dialect),
        without_rowid: model.without_rowid && dialect.capability().rowids,
        existing: Existing::default(),
    }
}

fn row_security(model: &ModelSchema, dialect: &dyn Dialect) -> Option<RowSecurity> {
    let tenant = model.tenant().filter(|_| model.row_level_security)?;
    let field = &model.fields[tenant];
    Some(RowSecurity {
        column: field.column.to_string(),
        condition: dialect.is_of_tenant(field)?,
    })
}

fn column(model: &ModelSchema, field: &Field, dialect: &dyn Dialect) -> Column {
    let is_serial = model.key.contains(&field.name) && model.key.generator == KeyGenerator::Serial;
    let guard = dialect.guard(field, is_serial).map(|condition| Guard {
        name: guard_name(model, field),
        condition,
    });
    Column {
        name: field.column.to_string(),
        column_type: dialect.declared_type(field).into_owned(),
        nullable: field.nullable,
        default: dialect.default_expression(field),
        is_serial,
        generated: field.generated.as_ref().map(|generated| Generated {
            expression: generated.expression.to_string(),
            kept: generated.kept,
        }),
        guard,
        limit: field
            .limit
            .filter(|_| !dialect.capability().sized_types)
            .map(|takes| Limit {
                name: name::of(&model.table.name, &[&field.column], "limit"),
                takes,
                of_day: field.field_type == FieldType::LocalTime,
            }),
        adopts: field
            .adopts
            .as_deref()
            .filter(|_| dialect.capability().loose_types)
            .map(ToOwned::to_owned),
        collation: field.collation.as_deref().map(ToOwned::to_owned),
        comment: comment(&field.comment, dialect),
    }
}

/// A comment, where the database keeps any.
fn comment(declared: &Option<Text>, dialect: &dyn Dialect) -> Option<String> {
    let declared = declared.as_deref();
    let kept = declared.filter(|_| dialect.capability().comments);
    kept.map(ToOwned::to_owned)
}

fn foreign_key(model: &ModelSchema, relation: &Relation) -> ForeignKey {
    let column = column_name(model, &relation.field);
    ForeignKey {
        name: name::of(&model.table.name, &[&column], "fkey"),
        column,
        referenced_table: relation.table.clone(),
        referenced_column: relation.column.to_string(),
        on_delete: relation.on_delete,
        on_update: relation.on_update,
        deferred: relation.deferred,
    }
}

/// A condition on one field is named after it, any other after its table.
fn check(model: &ModelSchema, declared: &schema::Check) -> Check {
    let column = declared.field.as_deref();
    let column = column.map(|field| column_name(model, field));
    let parts: Vec<&str> = column.iter().map(String::as_str).collect();
    Check {
        name: match &declared.name {
            Some(name) => name.to_string(),
            None => name::of(&model.table.name, &parts, "check"),
        },
        expression: declared.expression.to_string(),
    }
}

fn column_name(model: &ModelSchema, field: &str) -> String {
    let field = model
        .field(field)
        .expect("a validated model's indexes and relations name its fields");
    field.column.to_string()
}
