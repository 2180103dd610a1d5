//! From a declared index to the one that the catalogue will describe.

use super::{column_name, name};
use crate::dialect::identifier;
use crate::schema::{self, ModelSchema, Nulls};
use crate::snapshot::{Index, IndexKey, IndexMember};

/// What an index is called by default where it covers an expression, as in PostgreSQL.
const EXPRESSION: &str = "expr";

/// The method that is meant where none is declared.
const SORTED: &str = "btree";

/// The index that a declared one becomes. What is unique is so among the rows of one tenant that
/// were not deleted, unless a condition says among which.
pub(super) fn index(model: &ModelSchema, declared: &schema::Index) -> Index {
    let is_promise = declared.unique && declared.predicate.is_none();
    let tenant = model.tenant().filter(|_| is_promise);
    let tenant = tenant.map(|position| &model.fields[position]);
    let tenant = tenant.filter(|field| !declared.covers(&field.name));
    let tenant = tenant.map(|field| IndexMember::column(&*field.column));
    let members = declared.members.iter();
    let members = members.map(|declared| member(model, declared));
    let members: Vec<IndexMember> = tenant.into_iter().chain(members).collect();
    let deleted = model.deleted().filter(|_| is_promise);
    let is_there = deleted.map(|position| {
        let column = identifier(&model.fields[position].column);
        format!("{column} IS NULL")
    });
    Index {
        name: match &declared.name {
            Some(name) => name.to_string(),
            None => default_name(model, declared.unique, &members),
        },
        members,
        unique: declared.unique,
        method: declared
            .method
            .as_deref()
            .filter(|method| *method != SORTED)
            .map(ToOwned::to_owned),
        include: declared
            .include
            .iter()
            .map(|field| column_name(model, field))
            .collect(),
        predicate: declared
            .predicate
            .as_deref()
            .map(ToOwned::to_owned)
            .or(is_there),
        deferrable: declared.deferrable,
        nulls_not_distinct: declared.nulls_not_distinct,
    }
}

fn member(model: &ModelSchema, declared: &schema::IndexMember) -> IndexMember {
    // Where a value is descending, the database puts null first unless told otherwise.
    let usual = match declared.descending {
        true => Nulls::First,
        false => Nulls::Last,
    };
    IndexMember {
        key: match &declared.key {
            schema::IndexKey::Field(field) => IndexKey::Column(column_name(model, field)),
            schema::IndexKey::Expression(sql) => IndexKey::Expression(sql.to_string()),
        },
        descending: declared.descending,
        nulls: declared.nulls.filter(|nulls| *nulls != usual),
        operator_class: declared.operator_class.as_deref().map(ToOwned::to_owned),
        collation: None,
    }
}

fn default_name(model: &ModelSchema, unique: bool, members: &[IndexMember]) -> String {
    let parts: Vec<&str> = members
        .iter()
        .map(|member| match &member.key {
            IndexKey::Column(column) => column,
            IndexKey::Expression(_) => EXPRESSION,
        })
        .collect();
    name::of(
        &model.table.name,
        &parts,
        if unique { "key" } else { "idx" },
    )
}
