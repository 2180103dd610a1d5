//! The tables of a database, on somebody's behalf.

use std::sync::Arc;

use dataflow_core::{Error, Model, Result};

use super::{Behalf, Family, Table};
use crate::access::Access;
use crate::sql::Sql;

/// The tables of a database, on somebody's behalf.
#[derive(Clone)]
pub(crate) struct Tables {
    family: Arc<Family>,
    behalf: Behalf,
}

impl Tables {
    pub(crate) fn new(family: Arc<Family>, behalf: Behalf) -> Self {
        Self { family, behalf }
    }

    /// The table of a model, reached in some way.
    pub(crate) fn of<M: Model>(&self, access: Access) -> Result<Table> {
        let position = self.family.position_of_model::<M>()?;
        let table = Table::at(&self.family, position, access);
        Ok(table.on_behalf_of(self.behalf.clone()))
    }

    /// Whether a table is one of them, on behalf of whomever.
    pub(crate) fn contain(&self, table: &Table) -> bool {
        Arc::ptr_eq(&self.family, &table.family)
    }

    /// The error of a commit, or of a statement in one's own words, with the names of the models.
    pub(crate) fn with_names(&self, error: Error) -> Error {
        if !error.is_foreign_key() {
            return error;
        }
        let mut place = error.place().clone();
        self.family.complete_foreign_key(&mut place);
        error.with_place(place)
    }

    /// A statement in one's own words: what is kept of any table is forgotten when it writes.
    pub(crate) fn sql(&self, access: Access, text: String) -> Sql {
        let caches = self.family.all_caches();
        let sql = Sql::new(access, self.clone(), self.family.dialect(), caches, text);
        match self.family.is_secured() {
            true => sql.minding(self.behalf.tenant.clone()),
            false => sql,
        }
    }
}

impl Table {
    /// The tables of its database, on the same behalf.
    pub(crate) fn tables(&self) -> Tables {
        Tables::new(self.family.clone(), self.bounds.behalf().clone())
    }
}
