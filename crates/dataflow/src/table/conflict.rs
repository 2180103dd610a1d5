//! What an upsert finds a row by.

use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::query::By;
use dataflow_core::schema::Index;
use dataflow_core::{Error, ModelSchema, Result};

use super::Table;
use super::select::own_fields;
use crate::tenant::tenant_field;

impl Table {
    /// The fields that an upsert finds a row by: the key, or those of a unique index.
    pub(crate) fn conflict(&self, columns: Option<Vec<By>>) -> Result<Vec<usize>> {
        let model = self.model();
        let positions = match columns {
            Some(columns) => own_fields(model, &columns, "rows are found")?,
            None => (0..model.fields.len()).collect(),
        };
        let positions = positions.into_iter();
        let fields: Vec<&str> = positions.map(|at| &*model.fields[at].name).collect();
        self.conflict_among(targets(model), &fields)
    }

    /// As [`conflict`](Self::conflict), for a caller from outside: a row that is found by a
    /// write-only field would tell what the field holds.
    pub(crate) fn conflict_at_door(&self, fields: &[&str]) -> Result<Vec<usize>> {
        let model = self.model();
        let is_shown = |field: &&str| model.field(field).is_some_and(|it| !it.access.write_only);
        let shown = targets(model).filter(|target| target.iter().all(is_shown));
        self.conflict_among(shown, fields)
    }

    fn conflict_among<'a>(
        &'a self,
        targets: impl Iterator<Item = Vec<&'a str>> + Clone,
        fields: &[&'a str],
    ) -> Result<Vec<usize>> {
        let model = self.model();
        let fields = without_tenant(model, fields.to_vec());
        let found = targets.clone().find(|target| is_same_set(target, &fields));
        let Some(target) = found else {
            let detail = deferrable(model, &fields)
                .into_iter()
                .chain([advice(targets)]);
            let detail: Vec<String> = detail.collect();
            let fault = Fault::of_field("conflict_on", FaultCode::Unknown, detail.join("; "));
            return Err(Error::invalid(vec![fault]));
        };
        let positions = target.iter().filter_map(|field| model.position(field));
        Ok(positions.collect())
    }
}

/// What `conflict_on` can be. Whose row it is need not be said.
fn targets(model: &ModelSchema) -> impl Iterator<Item = Vec<&str>> + Clone {
    let key = model.key.fields.iter().map(AsRef::as_ref).collect();
    let key = model.key.is_accepted().then_some(key);
    let at_once = model.indexes.iter().filter(|it| it.deferrable.is_none());
    let unique = at_once.filter_map(Index::unique_fields);
    let unique = unique.map(|fields| without_tenant(model, fields));
    key.into_iter().chain(unique)
}

/// Why fields that are unique are none of the targets: where rows may agree for a while, there may be
/// several of them, so the database finds none.
fn deferrable(model: &ModelSchema, fields: &[&str]) -> Option<String> {
    let mut deferrable = model.indexes.iter().filter(|it| it.deferrable.is_some());
    let is_it = |index: &&Index| {
        let target = index.unique_fields();
        target.is_some_and(|target| is_same_set(&without_tenant(model, target), fields))
    };
    deferrable.find(is_it)?;
    Some(format!(
        "unique {fields:?} is deferrable, so no row is found by it"
    ))
}

/// Some fields but the one that says whose row it is, unless it is the only one.
fn without_tenant<'a>(model: &ModelSchema, mut fields: Vec<&'a str>) -> Vec<&'a str> {
    let tenant = tenant_field(model).map(|field| &*field.name);
    if fields.len() > 1 {
        fields.retain(|field| Some(*field) != tenant);
    }
    fields
}

fn is_same_set(target: &[&str], fields: &[&str]) -> bool {
    target.len() == fields.len() && target.iter().all(|field| fields.contains(field))
}

fn advice<'a>(targets: impl Iterator<Item = Vec<&'a str>>) -> String {
    let targets: Vec<String> = targets.map(|target| format!("{target:?}")).collect();
    if targets.is_empty() {
        "the model has no unique field, and its key is generated".to_owned()
    } else {
        format!("must be {}", targets.join(" or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_stands_twice_is_not_two_fields() {
        assert!(is_same_set(&["a", "b"], &["b", "a"]));
        assert!(!is_same_set(&["a", "b"], &["a", "a"]));
        assert!(!is_same_set(&["a", "b"], &["a"]));
    }
}
