//! Indexes of models.

use std::collections::HashSet;

use super::draft::Draft;
use super::name;
use crate::dialect::mentions;
use crate::schema::{Index, IndexKey, IndexMember};
use crate::snapshot::{self, constraint_name};

impl Draft<'_> {
    /// An index, none where the key says it.
    pub(super) fn index(
        &self,
        found: &snapshot::Index,
        names: &mut HashSet<String>,
    ) -> Result<Option<Index>, String> {
        let name = |column: &String| self.field_of(column).map(|field| field.name.clone());
        let missing = "covers a column that has no field";
        let member = |member: &snapshot::IndexMember| {
            let key = match &member.key {
                snapshot::IndexKey::Column(column) => IndexKey::Field(name(column).ok_or(missing)?),
                snapshot::IndexKey::Expression(sql) => IndexKey::Expression(sql.clone().into()),
            };
            match member.collation {
                Some(_) => Err("sorts by a collation of its own"),
                None => Ok(IndexMember {
                    key,
                    descending: member.descending,
                    nulls: member.nulls,
                    operator_class: member.operator_class.clone().map(Into::into),
                }),
            }
        };
        let members: Result<Vec<IndexMember>, _> = found.members.iter().map(member).collect();
        let include: Option<Vec<_>> = found.include.iter().map(name).collect();
        let mut index = Index {
            name: None,
            members: members?.into(),
            unique: found.unique,
            method: found.method.clone().map(Into::into),
            include: include.ok_or(missing)?.into(),
            predicate: found.predicate.clone().map(Into::into),
            deferrable: found.deferrable,
            nulls_not_distinct: found.nulls_not_distinct,
        };
        let is_key = found.unique_columns().is_some_and(|columns| {
            let key = self.model.key_fields();
            key.map(|field| &*field.column)
                .eq(columns.into_iter().map(|column| &**column))
        });
        if is_key && !self.found.primary_key.is_empty() {
            return Err("does what the primary key does".to_owned());
        }
        if is_key {
            return Ok(None);
        }
        if let Some(other) = self
            .model
            .indexes
            .iter()
            .find(|other| covers_same(other, &index))
        {
            let other = other.name.as_deref().unwrap_or("of a constraint");
            return Err(format!("does what index {other:?} does"));
        }
        let mut covered = HashSet::new();
        let fields = index.members.iter().filter_map(IndexMember::as_field);
        if fields.into_iter().any(|field| !covered.insert(field)) {
            return Err("covers a column twice".to_owned());
        }
        // SQLite names what belongs to a constraint itself, and takes such a name from nobody.
        index.name = match found.name.starts_with("sqlite_autoindex_") {
            false => Some(found.name.clone().into()),
            true => {
                let columns: Vec<&str> = found.columns().map(String::as_str).collect();
                let usual = constraint_name(&self.found.name.name, &columns, "key");
                let free = name::unique_in_capitals(usual.clone(), names);
                (free != usual).then(|| free.into())
            }
        };
        Ok(Some(index))
    }
}

/// Whether two indexes cover the same fields and nothing else is said of either, unique or not: the
/// one serves as the other.
fn covers_same(one: &Index, other: &Index) -> bool {
    let is_plain = |index: &Index| {
        let plain = Index::over(index.members.iter().filter_map(|member| match &member.key {
            IndexKey::Field(name) => Some(name.clone()),
            IndexKey::Expression(_) => None,
        }));
        plain.members == index.members
            && index.method.is_none()
            && index.include.is_empty()
            && index.predicate.is_none()
            && index.deferrable.is_none()
            && !index.nulls_not_distinct
    };
    is_plain(one) && is_plain(other) && one.members == other.members
}

/// Whether an index covers, includes or speaks of a column, which a field is stored in.
pub(super) fn is_about(index: &Index, field: &str, column: &str) -> bool {
    let expressions = index.members.iter().filter_map(|member| match &member.key {
        IndexKey::Expression(sql) => Some(sql),
        IndexKey::Field(_) => None,
    });
    let mut covered = index.members.iter().filter_map(IndexMember::as_field);
    covered.any(|name| name == field)
        || index.include.iter().any(|name| name == field)
        || expressions
            .chain(&index.predicate)
            .any(|sql| mentions(sql, column))
}
