//! Of whose rows a reader is told.

use dataflow_core::node::Context;
use dataflow_core::{ModelSchema, Result, SchemaSet, Value};

use super::entry::Entry;
use crate::tenant::{tenant_field, tenant_value};

/// Of whose rows a reader is told, where they belong to tenants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Whose {
    /// Of everybody's: the program itself reads.
    All,
    /// Of one tenant's, as the fields hold it that say whose a row is.
    One(Value),
    /// Of nobody's: the caller names no tenant.
    Nobody,
}

impl Whose {
    /// Of the rows of the tenant that a call is on behalf of. In a set of models all tenants are
    /// named by one type.
    pub(crate) fn of(context: &Context, schema_set: &SchemaSet) -> Result<Self> {
        let field = schema_set.models().find_map(tenant_field);
        Ok(match (&context.tenant, field) {
            (Some(tenant), Some(field)) => Self::One(tenant_value(tenant, &field.field_type)?),
            _ => Self::Nobody,
        })
    }

    /// Whether there may be rows of a model that it is told of.
    pub(super) fn may_hear(&self, model: &ModelSchema) -> bool {
        model.tenant().is_none() || *self != Self::Nobody
    }

    /// Whether it is told of the row of an entry, which is one of a model.
    pub(super) fn hears_of(&self, entry: &Entry, model: &ModelSchema) -> bool {
        let Some(field) = tenant_field(model) else {
            return true;
        };
        match self {
            Self::All => true,
            Self::Nobody => false,
            Self::One(tenant) => {
                let theirs = entry.tenant.as_deref();
                theirs
                    .and_then(|theirs| tenant_value(theirs, &field.field_type).ok())
                    .as_ref()
                    == Some(tenant)
            }
        }
    }
}
