//! Whose rows a table reaches, whether those that were deleted, and until when.
//!
//! Every statement passes here on its way to the database: one that mentions the tenant is given
//! it, or is not run.

use std::sync::Arc;
use std::time::Instant;

use dataflow_core::dialect::dml::{Deleted, Reach, Tenants};
use dataflow_core::schema::FieldType;
use dataflow_core::{Result, Value};

use super::Table;
use crate::access::Access;
use crate::pool::{Members, Statement};
use crate::tenant::{Tenant, no_tenant, tenant_field, tenant_value};

/// Which rows a table reaches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds {
    deleted: Deleted,
    behalf: Behalf,
}

/// On whose behalf rows are reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Behalf {
    pub(crate) tenant: Tenant,
    /// Who calls, for what is written down of changes.
    pub(crate) caller: Option<Arc<str>>,
}

impl Behalf {
    /// Whether nobody has said.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.tenant, Tenant::Unknown) && self.caller.is_none()
    }
}

impl Bounds {
    pub(super) fn behalf(&self) -> &Behalf {
        &self.behalf
    }

    /// Who calls, where that was said.
    pub(super) fn caller(&self) -> Option<&str> {
        self.behalf.caller.as_deref()
    }

    /// Whose rows are reached.
    pub(super) fn tenant(&self) -> &Tenant {
        &self.behalf.tenant
    }

    fn reach(&self) -> Reach {
        Reach {
            deleted: self.deleted,
            tenants: match self.behalf.tenant {
                Tenant::Unknown | Tenant::One(_) => Tenants::One,
                Tenant::All => Tenants::All,
            },
        }
    }
}

impl Table {
    /// The same table, on somebody's behalf.
    pub(crate) fn on_behalf_of(&self, behalf: Behalf) -> Self {
        let mut table = self.clone();
        table.bounds.behalf = behalf;
        table
    }

    /// The same table, for a call that is to end by a moment. A transaction ends as a whole.
    pub(crate) fn until(&self, moment: Instant) -> Self {
        match self.access() {
            Access::Pool(pool) => match pool.until(moment) {
                Some(limited) => self.over(Access::Pool(limited)),
                None => self.clone(),
            },
            Access::Transaction(_) => self.clone(),
        }
    }

    /// The same table, with other rows of those that were deleted.
    pub(crate) fn reaching(&self, deleted: Deleted) -> Self {
        let mut table = self.clone();
        table.bounds.deleted = deleted;
        table
    }

    /// Whether rows may say themselves whose they are.
    pub(crate) fn is_of_all_tenants(&self) -> bool {
        matches!(self.bounds.behalf.tenant, Tenant::All)
    }

    pub(super) fn reach(&self) -> Reach {
        self.bounds.reach()
    }

    /// The values of a statement with the tenant, where it mentions that.
    pub(super) fn bound(
        &self,
        statement: &Statement,
        mut values: Vec<Value>,
    ) -> Result<Vec<Value>> {
        if let Some(position) = statement.tenant_at() {
            let tenant = self.tenant_value(&statement.parameters()[position])?;
            values.insert(position, tenant);
        }
        Ok(values)
    }

    /// As [`bound`](Self::bound), for each of several members.
    pub(super) fn bound_each(&self, statement: &Statement, members: Members) -> Result<Members> {
        let Some(position) = statement.tenant_at() else {
            return Ok(members);
        };
        let tenant = self.tenant_value(&statement.parameters()[position])?;
        Ok(members.with_each(position, &tenant))
    }

    /// What a new row holds of the tenant; nothing where rows have none, or say it themselves.
    pub(super) fn tenant_of_new_row(&self) -> Result<Option<Value>> {
        let Some(field) = tenant_field(self.model()).filter(|_| !self.is_of_all_tenants()) else {
            return Ok(None);
        };
        self.tenant_value(&field.field_type).map(Some)
    }

    fn tenant_value(&self, field_type: &FieldType) -> Result<Value> {
        let Tenant::One(tenant) = &self.bounds.behalf.tenant else {
            return Err(no_tenant(self.model()));
        };
        tenant_value(tenant, field_type)
    }

    /// The bounds that a table has which relations lead to.
    pub(super) fn bounds_beside(&self) -> Bounds {
        Bounds {
            deleted: Deleted::LeftOut,
            behalf: self.bounds.behalf.clone(),
        }
    }
}
