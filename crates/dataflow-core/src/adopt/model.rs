//! Models for tables.

use std::collections::HashSet;

use super::{Unsaid, field, name};
use crate::dialect::{Dialect, identifier, table_identifier};
use crate::schema::{
    Check, EnumType, Field, FieldType, Index, IndexKey, IndexMember, Key, KeyGenerator,
    ModelSchema, Relation, TableName,
};
use crate::snapshot::{self, Column, DatabaseSnapshot, ForeignKey, Table};

/// A model that is being written for a table.
pub(super) struct Draft {
    pub(super) table: TableName,
    pub(super) model: ModelSchema,
    /// The names of the constraints and indexes that the model says.
    known: HashSet<String>,
}

/// A draft for each table that a model can be written for.
pub(super) fn drafts(
    found: &DatabaseSnapshot,
    dialect: &dyn Dialect,
    unsaid: &mut Vec<Unsaid>,
) -> Vec<Draft> {
    let mut names = HashSet::new();
    let models: Vec<String> = found
        .tables
        .iter()
        .map(|table| name::model(&table.name.name, &mut names))
        .collect();
    let enum_types = enum_types(&found.enum_types, &mut names);
    let mut drafts = Vec::new();
    for (table, name) in found.tables.iter().zip(models) {
        match Draft::of(table, name, &enum_types, dialect, unsaid) {
            Ok(draft) => drafts.push(draft),
            Err(reason) => unsaid.push(Unsaid::table(&table.name, &reason)),
        }
    }
    drafts
}

/// The enums of types, named after them. One without labels has no value to hold.
fn enum_types(found: &[snapshot::EnumType], names: &mut HashSet<String>) -> Vec<EnumType> {
    let with_labels = found
        .iter()
        .filter(|enum_type| !enum_type.labels.is_empty());
    let enum_types = with_labels.map(|found| EnumType {
        name: name::enumeration(&found.name, names).into(),
        variants: found
            .labels
            .iter()
            .map(|label| label.clone().into())
            .collect(),
        type_name: Some(found.name.clone().into()),
    });
    enum_types.collect()
}

/// A relation points at the key of a model; else its column stands alone.
pub(super) fn leave_out_relations_to_nobody(drafts: &mut [Draft], unsaid: &mut Vec<Unsaid>) {
    let keys: Vec<(TableName, String, FieldType)> = drafts
        .iter()
        .filter(|draft| !draft.model.key.is_composite())
        .map(|draft| {
            let key = draft.model.key_field();
            (
                draft.table.clone(),
                key.column.to_string(),
                key.field_type.clone(),
            )
        })
        .collect();
    for draft in drafts {
        let (table, known) = (&draft.table, &mut draft.known);
        let fields = draft.model.fields.clone();
        draft.model.relations.to_mut().retain(|relation| {
            let field = fields.iter().find(|field| field.name == relation.field);
            let points_at_a_model = keys.iter().any(|(parent, column, key_type)| {
                *parent == relation.table
                    && *column == relation.column
                    && field.is_some_and(|field| field.field_type == *key_type)
            });
            if !points_at_a_model {
                known.retain(|name| !name.ends_with("_fkey") || !name.contains(&*relation.field));
                let what = format!(
                    "foreign key of field {:?} into table {:?}",
                    relation.field, relation.table
                );
                unsaid.push(Unsaid::new(table, what));
            }
            points_at_a_model
        });
    }
}

impl Draft {
    fn of(
        table: &Table,
        name: String,
        enum_types: &[EnumType],
        dialect: &dyn Dialect,
        unsaid: &mut Vec<Unsaid>,
    ) -> Result<Self, String> {
        if table.primary_key.is_empty() {
            return Err("it has no primary key".to_owned());
        }
        let mut field_names = HashSet::new();
        let mut fields = Vec::new();
        for column in key_in_order(table) {
            let field_name = name::field(&column.name, &mut field_names);
            let is_key = table.primary_key.contains(&column.name);
            match field::field(field_name, column, is_key, enum_types, dialect) {
                Ok(field) => fields.push(field),
                Err(what) if is_key => return Err(what),
                Err(what) => unsaid.push(Unsaid::new(&table.name, what)),
            }
        }
        let key = self::key(&fields, table)?;
        let mut model = ModelSchema::new(name, fields, key);
        model.table = table.name.clone();
        model.comment = table.comment.clone().map(Into::into);
        model.without_rowid = table.without_rowid;
        let mut draft = Self {
            table: table.name.clone(),
            model,
            known: [format!("{}_pkey", table.name.name)].into(),
        };
        draft.add_indexes(table, unsaid);
        draft.add_relations(table, unsaid);
        draft.add_checks(table);
        Ok(draft)
    }

    /// Whether the model says a constraint or an index.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    /// Whether a field of the model has an enum type.
    pub(super) fn holds(&self, enum_type: &str) -> bool {
        let mut fields = self.model.fields.iter();
        fields.any(|field| {
            let named = field.field_type.as_named();
            named.is_some_and(|(_, name)| name == enum_type)
        })
    }

    /// Whether the model says a comment, which is known by what it is about.
    pub(super) fn comments_on(&self, thing: &str) -> bool {
        let table = table_identifier(&self.table);
        let mut fields = self.model.fields.iter();
        thing == format!("TABLE {table}")
            || fields.any(|field| thing == format!("COLUMN {table}.{}", identifier(&field.column)))
    }

    fn field_of(&self, column: &str) -> Option<&Field> {
        self.model
            .fields
            .iter()
            .find(|field| field.column == column)
    }

    fn add_indexes(&mut self, table: &Table, unsaid: &mut Vec<Unsaid>) {
        for index in &table.indexes {
            match self.index(index) {
                Some(declared) => {
                    self.known.insert(index.name.clone());
                    self.model.indexes.to_mut().push(declared);
                }
                None => unsaid.push(Unsaid::new(&table.name, format!("index {:?}", index.name))),
            }
        }
    }

    fn index(&self, found: &snapshot::Index) -> Option<Index> {
        let name = |column: &String| Some(self.field_of(column)?.name.clone());
        let member = |member: &snapshot::IndexMember| {
            let key = match &member.key {
                snapshot::IndexKey::Column(column) => IndexKey::Field(name(column)?),
                snapshot::IndexKey::Expression(sql) => IndexKey::Expression(sql.clone().into()),
            };
            member.collation.is_none().then(|| IndexMember {
                key,
                descending: member.descending,
                nulls: member.nulls,
                operator_class: member.operator_class.clone().map(Into::into),
            })
        };
        let members: Option<Vec<IndexMember>> = found.members.iter().map(member).collect();
        let include: Option<Vec<_>> = found.include.iter().map(name).collect();
        let mut index = Index {
            name: None,
            members: members?.into(),
            unique: found.unique,
            method: found.method.clone().map(Into::into),
            include: include?.into(),
            predicate: found.predicate.clone().map(Into::into),
        };
        // SQLite names what belongs to a constraint itself, and takes such a name from nobody.
        if !found.name.starts_with("sqlite_autoindex_") {
            index.name = Some(found.name.clone().into());
        }
        Some(index)
    }

    fn add_relations(&mut self, table: &Table, unsaid: &mut Vec<Unsaid>) {
        for foreign_key in &table.foreign_keys {
            let what = || format!("foreign key of column {:?}", foreign_key.column);
            let Some(field) = self.field_of(&foreign_key.column) else {
                unsaid.push(Unsaid::new(&table.name, what()));
                continue;
            };
            let mut relation = Relation::new(
                field.name.clone(),
                foreign_key.referenced_table.clone(),
                foreign_key.referenced_column.clone(),
            );
            relation.on_delete = foreign_key.on_delete;
            relation.on_update = foreign_key.on_update;
            relation.deferred = foreign_key.deferred;
            if self
                .model
                .relations
                .iter()
                .any(|other| other.field == relation.field)
            {
                unsaid.push(Unsaid::new(&table.name, what()));
                continue;
            }
            self.known.insert(foreign_key.name.clone());
            self.model.relations.to_mut().push(relation);
        }
    }

    fn add_checks(&mut self, table: &Table) {
        for (number, check) in (1..).zip(&table.checks) {
            let name = match check.name.as_str() {
                "" => format!("{}_check{number}", table.name.name),
                name => name.to_owned(),
            };
            self.known.insert(name.clone());
            let check = Check::new(name, check.expression.clone());
            self.model.checks.to_mut().push(check);
        }
    }

    /// Leaves a column out, with what is about it; not the key.
    pub(super) fn leave_out_column(&mut self, column: &str) -> bool {
        let Some(name) = self.field_of(column).map(|field| field.name.clone()) else {
            return false;
        };
        if self.model.key.contains(&name) {
            return false;
        }
        let covers = |index: &Index| {
            let covered = index.members.iter().filter_map(IndexMember::as_field);
            covered
                .chain(index.include.iter().map(AsRef::as_ref))
                .any(|field| field == name)
        };
        self.model.indexes.to_mut().retain(|index| !covers(index));
        self.model
            .relations
            .to_mut()
            .retain(|relation| relation.field != name);
        self.model
            .fields
            .to_mut()
            .retain(|field| field.name != name);
        true
    }

    pub(super) fn leave_out_index(&mut self, index: &snapshot::Index) -> bool {
        self.known.remove(&index.name);
        let count = self.model.indexes.len();
        let name = Some(index.name.as_str());
        let indexes = self.model.indexes.to_mut();
        indexes.retain(|declared| declared.name.as_deref() != name);
        count != indexes.len()
    }

    pub(super) fn leave_out_check(&mut self, check: &snapshot::Check) -> bool {
        self.known.remove(&check.name);
        let count = self.model.checks.len();
        let checks = self.model.checks.to_mut();
        checks.retain(|declared| declared.name.as_deref() != Some(check.name.as_str()));
        count != checks.len()
    }

    pub(super) fn leave_out_relation(&mut self, foreign_key: &ForeignKey) -> bool {
        let Some(field) = self
            .field_of(&foreign_key.column)
            .map(|field| field.name.clone())
        else {
            return false;
        };
        let count = self.model.relations.len();
        let relations = self.model.relations.to_mut();
        relations.retain(|relation| relation.field != field);
        count != relations.len()
    }
}

/// The columns, with those of the key among themselves in its order: a struct has no other.
fn key_in_order(table: &Table) -> impl Iterator<Item = &Column> {
    let mut of_key = table.primary_key.iter();
    let columns = table.columns.iter();
    columns.map(
        move |column| match table.primary_key.contains(&column.name) {
            true => {
                let next = of_key.next().and_then(|name| table.column(name));
                next.unwrap_or(column)
            }
            false => column,
        },
    )
}

/// A key that the database counts up is left to it; any other is the caller's.
fn key(fields: &[Field], table: &Table) -> Result<Key, String> {
    let mut of_key = Vec::with_capacity(table.primary_key.len());
    for name in &table.primary_key {
        let field = fields.iter().find(|field| field.column == *name);
        let field = field.ok_or("its primary key is no column")?;
        let refused = |what: &str| Err(format!("its primary key {name:?} {what}"));
        match field.field_type {
            _ if field.nullable => return refused("takes null"),
            _ if field.generated.is_some() => return refused("is computed"),
            FieldType::Json
            | FieldType::Array(_)
            | FieldType::Bytes
            | FieldType::F32
            | FieldType::F64 => {
                return refused("has a type that cannot identify a row");
            }
            _ => of_key.push(field),
        }
    }
    let is_serial = |field: &&Field| {
        table
            .column(&field.column)
            .is_some_and(|column| column.is_serial)
    };
    match (
        &of_key[..],
        of_key.iter().copied().find(|field| is_serial(field)),
    ) {
        ([only], Some(_)) => Ok(Key::new(only.name.clone(), KeyGenerator::Serial)),
        (_, Some(counted)) => Err(format!(
            "its primary key has several columns, of which the database counts {:?} up",
            counted.column
        )),
        (several, None) => Ok(Key::composite(
            several.iter().map(|field| field.name.clone()),
        )),
    }
}
