//! One model's table: its operations, on values.
//!
//! Repositories and nodes meet here. What is given is a list of fields and values; what becomes of
//! the rows is up to a [`Rows`](crate::pool::Rows); what lies between (keys, stamps, defaults,
//! statements, the cache, measuring) is the same for both.

mod attended;
mod blame;
mod bounds;
mod change;
mod conflict;
mod family;
mod fill;
mod measured;
mod operations;
mod references;
mod related;
mod restore;
mod run;
mod select;
mod tables;
mod trail;
mod version;
mod write;

use std::sync::Arc;

use dataflow_core::error::{Fault, Kind};
use dataflow_core::schema::{Models, TableName};
use dataflow_core::{Error, ModelSchema, Result, Value};

pub(crate) use attended::Entry;
pub(crate) use blame::{row_not_found, this_key};
pub(crate) use bounds::Behalf;
pub(crate) use change::{Addition, Change, Changes, can_be_added_to};
pub(crate) use family::{Family, Member};
pub(crate) use fill::Given;
pub(crate) use related::Loaded;
pub(crate) use select::{Beginning, GroupsOf, Selection, own_fields};
pub(crate) use tables::Tables;
pub(crate) use version::{fault, stale};

use crate::access::Access;
use crate::statements::Reaching;
use crate::tenant::Tenant;
use bounds::Bounds;
use run::replay;

/// One model's table. Clones share all but how they reach the database.
#[derive(Clone)]
pub(crate) struct Table {
    family: Arc<Family>,
    /// Its place in the family.
    position: usize,
    access: Access,
    bounds: Bounds,
}

impl Table {
    /// The tables of a family, reached in some way.
    pub(crate) fn all(family: &Arc<Family>, access: &Access) -> Vec<Arc<Self>> {
        let positions = 0..family.len();
        let table = |position| Arc::new(Self::at(family, position, access.clone()));
        positions.map(table).collect()
    }

    /// One table of a family.
    fn at(family: &Arc<Family>, position: usize, access: Access) -> Self {
        Self {
            family: family.clone(),
            position,
            access,
            bounds: Bounds::default(),
        }
    }

    fn own(&self) -> &Member {
        self.family.member(self.position)
    }

    /// Whose rows it reaches.
    pub(crate) fn tenant(&self) -> &Tenant {
        self.bounds.tenant()
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// The same table, reached in another way.
    pub(crate) fn over(&self, access: Access) -> Self {
        Self {
            access,
            ..self.clone()
        }
    }

    pub(crate) fn model(&self) -> &Arc<ModelSchema> {
        &self.own().model
    }

    /// What the rules of a field refuse in a value that an input gives at a place.
    pub(crate) fn faults(
        &self,
        place: &str,
        position: usize,
        value: &Value,
    ) -> impl Iterator<Item = Fault> {
        self.own().fill.faults(place, position, value)
    }

    /// Where the models are that its relations lead to.
    pub(crate) fn models(&self) -> &dyn Models {
        &*self.family
    }

    /// The table that a relation leads to, reached in the same way.
    fn sibling(&self, table: &TableName) -> Result<Self> {
        let position = self.family.position_of(table).ok_or_else(|| {
            let message = format!("no model of this database is stored in table {table:?}");
            Error::new(Kind::NotFound, message).with_help("register the model that is led to")
        })?;
        Ok(Self {
            position,
            bounds: self.bounds_beside(),
            ..self.clone()
        })
    }

    /// The statements that reach what this table does.
    fn statements(&self) -> Reaching<'_> {
        self.own().statements.reaching(self.reach())
    }
}
