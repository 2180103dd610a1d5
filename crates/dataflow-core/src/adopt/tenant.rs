//! Whose rows a table holds, where its policy says so.

use super::draft::Draft;
use crate::dialect::POLICY;
use crate::inventory::Whole;

impl Draft<'_> {
    /// A policy that is not as the house makes it is none of the model's.
    pub(super) fn add_tenant(&mut self) {
        let security = self.found.row_security.as_ref();
        let Some(security) = security.filter(|security| !security.condition.is_empty()) else {
            return;
        };
        let key = &self.model.key;
        let mut fields = self.model.fields.to_mut().iter_mut();
        let tenant = fields.find(|field| {
            field.column == security.column
                && field.field_type.names_tenants()
                && !field.nullable
                && field.default.is_none()
                && !key.contains(&field.name)
        });
        if let Some(tenant) = tenant {
            tenant.tenant = true;
            self.model.row_level_security = true;
        }
    }

    /// Whether the model says a policy, or that everybody minds it.
    pub(super) fn secures(&self, whole: Whole, name: &str) -> bool {
        let is_part = match whole {
            Whole::Policy => name == POLICY,
            Whole::Setting => {
                matches!(name, "row level security" | "forced row level security")
            }
            _ => false,
        };
        is_part && self.model.row_level_security
    }
}
