//! The tables of a database, which relations lead to from each other.

use std::sync::{Arc, OnceLock};

use dataflow_core::ModelSchema;
use dataflow_core::schema::{Action, FieldType, Models};

use super::fill::Fill;
use crate::cache::TableCache;
use crate::metrics::Meter;
use crate::statements::Statements;

/// The tables of a database.
pub(crate) struct Family(Box<[Member]>);

/// What one table has that does not depend on how it is reached.
pub(crate) struct Member {
    pub(super) model: Arc<ModelSchema>,
    pub(super) statements: Statements,
    pub(super) fill: Fill,
    pub(super) columns: Arc<[FieldType]>,
    pub(super) cache: Option<Arc<TableCache>>,
    pub(super) meter: Option<Meter>,
    followers: OnceLock<Box<[usize]>>,
}

impl Member {
    pub(crate) fn new(
        model: Arc<ModelSchema>,
        statements: Statements,
        cache: Option<TableCache>,
        meter: Option<Meter>,
    ) -> Self {
        let types = model.fields.iter().map(|field| field.field_type.clone());
        Self {
            columns: types.collect(),
            fill: Fill::new(model.clone()),
            model,
            statements,
            cache: cache.map(Arc::new),
            meter,
            followers: OnceLock::new(),
        }
    }

    pub(super) fn cache(&self) -> Option<&Arc<TableCache>> {
        self.cache.as_ref()
    }
}

impl Family {
    pub(crate) fn of(members: impl Iterator<Item = Member>) -> Self {
        Self(members.collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn member(&self, position: usize) -> &Member {
        &self.0[position]
    }

    pub(super) fn members<'a>(
        &'a self,
        positions: &'a [usize],
    ) -> impl Iterator<Item = &'a Member> {
        positions.iter().map(|&position| &self.0[position])
    }

    pub(super) fn position_of(&self, table: &str) -> Option<usize> {
        self.0.iter().position(|member| member.model.table == table)
    }

    /// What is kept of some tables.
    pub(super) fn caches(&self, tables: &[String]) -> Box<[Arc<TableCache>]> {
        let members = tables.iter().filter_map(|table| self.position_of(table));
        members
            .filter_map(|position| self.0[position].cache.clone())
            .collect()
    }

    /// What is kept of each table, by its name.
    pub(crate) fn caches_by_table(&self) -> impl Iterator<Item = (String, Arc<TableCache>)> {
        let members = self.0.iter();
        members.filter_map(|member| Some((member.model.table.to_string(), member.cache.clone()?)))
    }

    /// The tables whose rows the database changes or removes when a row of this one goes, as their
    /// relations declare.
    pub(super) fn followers(&self, position: usize) -> &[usize] {
        let known = &self.0[position].followers;
        known.get_or_init(|| self.find_followers(position))
    }

    fn find_followers(&self, position: usize) -> Box<[usize]> {
        let mut changed = Vec::new();
        let mut losing = vec![position];
        let mut next = 0;
        while let Some(&parent) = losing.get(next) {
            next += 1;
            let table = &self.0[parent].model.table;
            for (child, member) in self.0.iter().enumerate() {
                let relations = member.model.relations.iter();
                for relation in relations.filter(|relation| relation.table == *table) {
                    if relation.on_delete.is_change() && !changed.contains(&child) {
                        changed.push(child);
                    }
                    if relation.on_delete == Action::Cascade && !losing.contains(&child) {
                        losing.push(child);
                    }
                }
            }
        }
        changed.into()
    }
}

impl Models for Family {
    fn of_table(&self, table: &str) -> Option<Arc<ModelSchema>> {
        let position = self.position_of(table)?;
        Some(self.0[position].model.clone())
    }
}
