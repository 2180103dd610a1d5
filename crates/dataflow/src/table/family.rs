//! The tables of a database, which relations lead to from each other.

use std::sync::{Arc, OnceLock};

use dataflow_core::dialect::Dialect;
use dataflow_core::error::Kind;
use dataflow_core::schema::{Action, FieldType, Models, TableName};
use dataflow_core::{Error, Model, ModelSchema, Result};

use super::fill::Fill;
use crate::audit::Retention;
use crate::cache::TableCache;
use crate::hooks::AnyHooks;
use crate::metrics::Meter;
use crate::statements::Statements;

/// The tables of a database.
pub(crate) struct Family {
    members: Box<[Member]>,
    dialect: &'static dyn Dialect,
    is_secured: bool,
    /// For how long audit entries are kept; none for ever.
    retention: Option<Retention>,
}

/// What one table has that does not depend on how it is reached.
pub(crate) struct Member {
    pub(super) model: Arc<ModelSchema>,
    pub(super) statements: Statements,
    pub(super) fill: Fill,
    pub(super) columns: Arc<[FieldType]>,
    pub(super) cache: Option<Arc<TableCache>>,
    pub(super) meter: Option<Meter>,
    pub(super) hooks: Box<[Arc<dyn AnyHooks>]>,
    followers: OnceLock<Box<[usize]>>,
}

impl Member {
    pub(crate) fn new(
        model: Arc<ModelSchema>,
        statements: Statements,
        cache: Option<TableCache>,
        meter: Option<Meter>,
        hooks: Box<[Arc<dyn AnyHooks>]>,
    ) -> Self {
        let types = model.fields.iter().map(|field| field.field_type.clone());
        Self {
            columns: types.collect(),
            fill: Fill::new(model.clone()),
            model,
            statements,
            cache: cache.map(Arc::new),
            meter,
            hooks,
            followers: OnceLock::new(),
        }
    }

    pub(super) fn cache(&self) -> Option<&Arc<TableCache>> {
        self.cache.as_ref()
    }
}

impl Family {
    pub(crate) fn of(
        dialect: &'static dyn Dialect,
        members: impl Iterator<Item = Member>,
        retention: Option<Retention>,
    ) -> Self {
        let members: Box<[Member]> = members.collect();
        Self {
            is_secured: members.iter().any(|member| member.model.row_level_security),
            members,
            dialect,
            retention,
        }
    }

    /// An audit entry is written: sees that old ones go.
    pub(super) fn keep_trail(self: &Arc<Self>) {
        if let Some(retention) = &self.retention {
            retention.keep(self);
        }
    }

    /// Whether the database itself keeps the rows of some table apart.
    pub(super) fn is_secured(&self) -> bool {
        self.is_secured
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    pub(super) fn member(&self, position: usize) -> &Member {
        &self.members[position]
    }

    pub(super) fn members<'a>(
        &'a self,
        positions: &'a [usize],
    ) -> impl Iterator<Item = &'a Member> {
        positions.iter().map(|&position| &self.members[position])
    }

    /// Where the table of a model stands.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`] when the model is not registered, or another one is under its name.
    pub(crate) fn position_of_model<M: Model>(&self) -> Result<usize> {
        let wanted = M::schema();
        let found = self
            .members
            .iter()
            .position(|member| member.model.name == wanted.name);
        match found {
            Some(position) if *self.members[position].model == *wanted => Ok(position),
            Some(_) => Err(Error::new(
                Kind::NotFound,
                format!("model {:?} is registered with other fields", wanted.name),
            )
            .with_help("two structs share the name; register the one that is asked for")),
            None => Err(Error::new(
                Kind::NotFound,
                format!("model {:?} is not registered", wanted.name),
            )
            .with_help(format!("add .model::<{}>() to the builder", wanted.name))),
        }
    }

    /// What is stored in the table that a database calls so.
    pub(super) fn find(&self, table: &str) -> Option<&Member> {
        let mut members = self.members.iter();
        members.find(|member| member.model.table.name == table)
    }

    pub(super) fn position_of(&self, table: &TableName) -> Option<usize> {
        self.members
            .iter()
            .position(|member| member.model.table == *table)
    }

    /// What is kept of some tables.
    pub(super) fn caches(&self, tables: &[TableName]) -> Box<[Arc<TableCache>]> {
        let members = tables.iter().filter_map(|table| self.position_of(table));
        members
            .filter_map(|position| self.members[position].cache.clone())
            .collect()
    }

    /// What is kept of all tables.
    pub(super) fn all_caches(&self) -> Box<[Arc<TableCache>]> {
        let caches = self.members.iter().filter_map(Member::cache);
        caches.cloned().collect()
    }

    /// What is kept of each table, by its name as the outbox has it.
    pub(crate) fn caches_by_table(&self) -> impl Iterator<Item = (String, Arc<TableCache>)> {
        let members = self.members.iter();
        members.filter_map(|member| Some((member.model.table.to_string(), member.cache.clone()?)))
    }

    /// The tables whose rows the database changes or removes when a row of this one goes, as their
    /// relations declare.
    pub(super) fn followers(&self, position: usize) -> &[usize] {
        let known = &self.members[position].followers;
        known.get_or_init(|| self.find_followers(position))
    }

    fn find_followers(&self, position: usize) -> Box<[usize]> {
        let mut changed = Vec::new();
        let mut losing = vec![position];
        let mut next = 0;
        while let Some(&parent) = losing.get(next) {
            next += 1;
            let table = &self.members[parent].model.table;
            for (child, member) in self.members.iter().enumerate() {
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
    fn of_table(&self, table: &TableName) -> Option<Arc<ModelSchema>> {
        let position = self.position_of(table)?;
        Some(self.members[position].model.clone())
    }
}
