//! A model that is being written for a table.

use std::collections::HashSet;

use super::{Contents, Unsaid, field, key, name, relation, rule};
use crate::dialect::{Dialect, identifier};
use crate::schema::{Check, EnumType, Field, LONGEST_NAME, ModelSchema, Relation, SchemaSet};
use crate::snapshot::{self, DatabaseSnapshot, Table};

/// A model that is being written for a table.
pub(super) struct Draft<'a> {
    pub(super) found: &'a Table,
    pub(super) model: ModelSchema,
}

/// A draft for each table that a model can be written for.
pub(super) fn drafts<'a>(
    found: &'a DatabaseSnapshot,
    contents: &Contents,
    dialect: &dyn Dialect,
    unsaid: &mut Vec<Unsaid>,
) -> Vec<Draft<'a>> {
    let mut names = HashSet::new();
    let models: Vec<String> = found
        .tables
        .iter()
        .map(|table| name::model(&table.name, &mut names))
        .collect();
    let enum_types = enum_types(&found.enum_types, &mut names);
    let mut tables = HashSet::new();
    let mut index_names = index_names(found);
    let mut drafts = Vec::new();
    for (table, name) in found.tables.iter().zip(models) {
        let draft = match tables.insert(table.name.to_string().to_lowercase()) {
            true => Draft::of(table, name, &enum_types, contents, dialect),
            false => Err("another table differs from it by case alone".to_owned()),
        };
        match draft {
            Ok((mut draft, left_out)) => {
                draft.add_parts(dialect, &mut index_names, unsaid);
                draft.tell_guesses(contents, unsaid);
                for (column, why) in left_out {
                    draft.leave_out_column(&column, why, unsaid);
                }
                drafts.push(draft);
            }
            Err(why) => unsaid.push(Unsaid::table(&table.name, why)),
        }
    }
    drafts
}

/// The enums of types, named after them. One without labels has no value to hold, and none of Rust's
/// names stands for an empty label.
fn enum_types(found: &[snapshot::EnumType], names: &mut HashSet<String>) -> Vec<EnumType> {
    let is_possible = |labels: &[String]| !labels.is_empty() && !labels.contains(&String::new());
    let possible = found.iter().filter(|found| is_possible(&found.labels));
    let enum_types = possible.map(|found| EnumType {
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

/// The names that no index can be given any more.
fn index_names(found: &DatabaseSnapshot) -> HashSet<String> {
    let of_table = |table: &Table| {
        let indexes = table.indexes.iter().map(|index| index.name.to_uppercase());
        let names: Vec<String> = indexes.chain([table.name.name.to_uppercase()]).collect();
        names
    };
    found.tables.iter().flat_map(of_table).collect()
}

impl<'a> Draft<'a> {
    /// The fields and the key of a table, and the columns that have no field, each with the reason.
    fn of(
        table: &'a Table,
        name: String,
        enum_types: &[EnumType],
        contents: &Contents,
        dialect: &dyn Dialect,
    ) -> Result<(Self, Vec<(String, String)>), String> {
        let key = key::columns(table)?;
        let mut field_names = HashSet::new();
        let mut columns = HashSet::new();
        let (mut fields, mut left_out) = (Vec::new(), Vec::new());
        for column in key::columns_in_order(table, &key) {
            let is_key = key.contains(&column.name);
            let field_name = name::field(&column.name, &mut field_names);
            let field = match column.name.len() {
                _ if !columns.insert(column.name.to_lowercase()) => {
                    Err("differs from another column by case alone".to_owned())
                }
                ..=LONGEST_NAME => {
                    let sight = contents.of(&table.name, column);
                    field::field(field_name, column, is_key, enum_types, sight, dialect)
                }
                _ => Err("has a name of more than 63 bytes".to_owned()),
            };
            match field {
                Ok(field) => fields.push(field),
                Err(why) if is_key => {
                    return Err(format!("column {:?} of its primary key {why}", column.name));
                }
                Err(why) if !column.is_left_out_by_writers() => {
                    return Err(cannot_be_written(&column.name, &why));
                }
                Err(why) => left_out.push((column.name.clone(), why)),
            }
        }
        let key = key::key(&fields, table, &key)?;
        let mut model = ModelSchema::new(name, fields, key);
        model.table = table.name.clone();
        model.comment = table.comment.clone().map(Into::into);
        model.without_rowid = table.without_rowid;
        Ok((
            Self {
                found: table,
                model,
            },
            left_out,
        ))
    }

    /// The model alone, without what leads to others.
    pub(super) fn alone(&self) -> SchemaSet {
        SchemaSet::new().schema(ModelSchema {
            relations: Vec::new().into(),
            ..self.model.clone()
        })
    }

    /// Whether what the model holds was found with the table, under a name: what it does not say of
    /// that is told already.
    pub(super) fn knows(&self, name: &str) -> bool {
        let Table {
            indexes,
            checks,
            foreign_keys,
            ..
        } = self.found;
        indexes.iter().any(|index| index.name == name)
            || checks.iter().any(|check| check.name == name)
            || foreign_keys.iter().any(|key| key.name == name)
    }

    /// Whether a field of the model has an enum type.
    pub(super) fn holds(&self, enum_type: &str) -> bool {
        let mut fields = self.model.fields.iter();
        fields.any(|field| {
            let named = field.field_type.made_with();
            named.is_some_and(|(_, name)| name == enum_type)
        })
    }

    /// Whether the model says a comment, which is known by what it is about.
    pub(super) fn comments_on(&self, thing: &str) -> bool {
        let table = identifier(&self.found.name.name);
        let mut fields = self.model.fields.iter();
        thing == format!("TABLE {table}")
            || fields.any(|field| thing == format!("COLUMN {table}.{}", identifier(&field.column)))
    }

    pub(super) fn field_of(&self, column: &str) -> Option<&Field> {
        let mut fields = self.model.fields.iter();
        fields.find(|field| field.column == column)
    }

    fn add_parts(
        &mut self,
        dialect: &dyn Dialect,
        index_names: &mut HashSet<String>,
        unsaid: &mut Vec<Unsaid>,
    ) {
        // A plain index that a unique one makes needless is the one that is left out.
        let (unique, plain): (Vec<_>, Vec<_>) =
            self.found.indexes.iter().partition(|index| index.unique);
        for index in unique.into_iter().chain(plain) {
            match self.index(index, index_names) {
                Ok(declared) => self.model.indexes.to_mut().extend(declared),
                Err(why) => unsaid.push(self.part(format!("index {:?} {why}", index.name))),
            }
        }
        self.add_relations(unsaid);
        self.add_checks(dialect);
        self.add_tenant();
    }

    fn add_relations(&mut self, unsaid: &mut Vec<Unsaid>) {
        for foreign_key in &self.found.foreign_keys {
            let (column, target) = (&foreign_key.column, &foreign_key.referenced_table);
            let mut tell = |why| unsaid.push(relation::unsaid(self.found, column, target, why));
            let Some(field) = self.field_of(column) else {
                tell("the column has no field");
                continue;
            };
            let is_taken = |other: &Relation| other.field == field.name;
            if self.model.relations.iter().any(is_taken) {
                tell("the field has another one");
                continue;
            }
            let relation = relation::relation(&field.name, foreign_key);
            self.model.relations.to_mut().push(relation);
        }
    }

    /// Nothing tells the form of what is in a column that holds nothing.
    fn tell_guesses(&self, contents: &Contents, unsaid: &mut Vec<Unsaid>) {
        for field in self.model.fields.iter().filter(|it| it.adopts.is_some()) {
            let column = self.found.column(&field.column);
            let sight = column.and_then(|column| contents.of(&self.found.name, column));
            if sight.is_some_and(|sight| sight.or_alike().is_empty()) {
                let what = format!(
                    "column {:?} holds no value yet, so its field goes by its type alone",
                    field.column
                );
                unsaid.push(self.part(what));
            }
        }
    }

    /// Those that a rule of a field made are that rule. One of the key has none.
    fn add_checks(&mut self, dialect: &dyn Dialect) {
        let found = self.found.checks.iter();
        let mut names: HashSet<String> = found.map(|check| check.name.to_uppercase()).collect();
        for (number, check) in (1..).zip(&self.found.checks) {
            let (table, key) = (&self.found.name.name, &self.model.key);
            let mut fields = self.model.fields.to_mut().iter_mut();
            let is_rule = fields.any(|field| {
                !key.contains(&field.name) && rule::give(table, check, field, dialect)
            });
            if is_rule {
                continue;
            }
            let name = match check.name.as_str() {
                "" => name::unique_in_capitals(format!("{table}_check{number}"), &mut names),
                name => name.to_owned(),
            };
            let check = Check::new(name, check.expression.clone());
            self.model.checks.to_mut().push(check);
        }
    }

    /// What is told of a part of the table.
    pub(super) fn part(&self, what: String) -> Unsaid {
        Unsaid::part(&self.found.name, what)
    }
}

/// Why a table has no model whose column has no field.
pub(super) fn cannot_be_written(column: &str, why: &str) -> String {
    format!("column {column:?} {why}, and no row can be written without it")
}
