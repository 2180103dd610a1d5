//! Names for the rows that point at a model.

use std::collections::HashSet;

use super::draft::Draft;
use super::name;
use crate::schema::{Arity, Index, Inverse, ModelSchema, Relation, Through, plural};

/// Gives each model names for the rows of others that point at it: for those of the model that points,
/// and where that is only there to pair rows of two, for those of the other.
pub(super) fn add(drafts: &mut [Draft]) {
    let models: Vec<ModelSchema> = drafts.iter().map(|draft| draft.model.clone()).collect();
    for draft in drafts {
        let parent = &draft.model;
        let fields = parent.fields.iter().map(|field| &*field.name);
        let names = fields.chain(parent.relation_names());
        let mut taken: HashSet<String> = names.map(str::to_uppercase).collect();
        let pointing = models.iter().flat_map(|child| pointing(parent, child));
        let paired = models
            .iter()
            .flat_map(|between| paired(parent, between, &models));
        let named = pointing.chain(paired).map(|inverse| Inverse {
            name: name::unique_in_capitals(inverse.name.into_owned(), &mut taken).into(),
            ..inverse
        });
        let inverses: Vec<Inverse> = named.collect();
        draft.model.inverses = inverses.into();
    }
}

/// The rows of a model that point at another, once for each relation.
fn pointing<'a>(parent: &'a ModelSchema, child: &'a ModelSchema) -> impl Iterator<Item = Inverse> {
    let relations = || {
        let relations = child.relations.iter();
        relations.filter(|relation| relation.table == parent.table)
    };
    let is_ambiguous = child.table == parent.table || relations().nth(1).is_some();
    relations().map(move |relation| {
        let (arity, name) = match is_unique(child, relation) {
            true => (Arity::One, child.noun()),
            false => (Arity::Many, plural(&child.noun())),
        };
        let name = match is_ambiguous {
            true => format!("{name}_by_{}", said_name(child, relation)),
            false => name,
        };
        Inverse::new(name, child.table.clone(), arity, relation.field.clone())
    })
}

/// The rows that a model pairs with those of another, if it does nothing else.
fn paired(parent: &ModelSchema, between: &ModelSchema, models: &[ModelSchema]) -> Vec<Inverse> {
    let [one, other] = &*between.relations else {
        return Vec::new();
    };
    if !pairs_alone(between, one, other) {
        return Vec::new();
    }
    let ways = [(one, other), (other, one)].into_iter();
    let from_here = ways.filter(|(here, _)| here.table == parent.table);
    let inverse = |(here, there): (&Relation, &Relation)| {
        let target = models.iter().find(|model| model.table == there.table)?;
        let name = match there.table == here.table {
            true => plural(said_name(between, there)),
            false => plural(&target.noun()),
        };
        let through = Through {
            table: between.table.clone(),
            field: there.field.clone(),
        };
        let (table, field) = (there.table.clone(), here.field.clone());
        Some(Inverse::through(name, table, field, through))
    };
    from_here.filter_map(inverse).collect()
}

/// Whether a model holds two relations, each pair once, and nothing else but a key.
fn pairs_alone(between: &ModelSchema, one: &Relation, other: &Relation) -> bool {
    let is_pair = |fields: Vec<&str>| {
        fields.len() == 2 && fields.contains(&&*one.field) && fields.contains(&&*other.field)
    };
    let key: Vec<&str> = between.key.fields.iter().map(AsRef::as_ref).collect();
    let mut unique = between.indexes.iter().filter_map(Index::unique_fields);
    let mut others = between.fields.iter();
    let holds_nothing_else = others.all(|field| {
        let is_relation = field.name == one.field || field.name == other.field;
        is_relation && !field.nullable || between.key.contains(&field.name)
    });
    holds_nothing_else && (is_pair(key) || unique.any(is_pair))
}

fn is_unique(child: &ModelSchema, relation: &Relation) -> bool {
    let mut unique = child.indexes.iter().filter_map(Index::unique_fields);
    child.key.fields[..] == [relation.field.clone()]
        || unique.any(|fields| fields == [&*relation.field])
}

/// What a relation is called, or its field where it has no name.
fn said_name<'a>(model: &'a ModelSchema, relation: &'a Relation) -> &'a str {
    model.name_of(relation).unwrap_or(&relation.field)
}
