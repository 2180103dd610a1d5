//! Which rows a statement reaches: the conditions that it has beside those it was asked for.
//!
//! They are written here for every statement, wherever it names a table: the rows that are asked
//! for, those that relations lead to, and those between.
//!
//! ```text
//! SELECT … FROM "notes" WHERE "title" = $1 AND "deleted_at" IS NULL AND "tenant_id" = $2
//! ```
//!
//! The tenant is one parameter, however often it is compared, behind those that stand before its
//! first mention; [`Statement::tenant_at`](super::Statement::tenant_at) tells where.

use super::draft::Draft;
use crate::dialect::identifier;
use crate::schema::ModelSchema;

/// Which rows of its tables a statement reaches. Unless said otherwise, those that were not deleted,
/// of one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Reach {
    /// What becomes of rows that were deleted and stay. Rows that relations lead to are left out
    /// then, whatever is said here.
    pub deleted: Deleted,
    /// Whose rows.
    pub tenants: Tenants,
}

/// What becomes of rows that were deleted and stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Deleted {
    /// They are as good as gone.
    #[default]
    LeftOut,
    /// They are like any other.
    Included,
    /// They alone.
    Only,
}

/// Whose rows are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tenants {
    /// Those of the one that a parameter names.
    #[default]
    One,
    /// Those of all.
    All,
}

/// The rows of a model that a statement is about: those of its table that it reaches.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The model.
    pub model: &'a ModelSchema,
    /// Which of its rows.
    pub reach: Reach,
}

/// The rows that were not deleted, of one tenant.
impl<'a> From<&'a ModelSchema> for View<'a> {
    fn from(model: &'a ModelSchema) -> Self {
        Self {
            model,
            reach: Reach::default(),
        }
    }
}

impl View<'_> {
    /// What must hold of a row for it to be reached: conditions on its columns, of which each has
    /// something before it, and on the tenant, where that is an expression.
    pub(super) fn conditions(self, before: &str, tenant: Option<&str>) -> Vec<String> {
        let column = |position: usize| {
            let column = identifier(&self.model.fields[position].column);
            format!("{before}{column}")
        };
        let test = match self.reach.deleted {
            Deleted::LeftOut => Some("IS NULL"),
            Deleted::Included => None,
            Deleted::Only => Some("IS NOT NULL"),
        };
        let of_deletion = self.model.deleted().zip(test);
        let of_deletion =
            of_deletion.map(|(position, test)| format!("{} {test}", column(position)));
        let of_tenant = self.tenant().zip(tenant);
        let of_tenant =
            of_tenant.map(|(position, tenant)| format!("{} = {tenant}", column(position)));
        of_deletion.into_iter().chain(of_tenant).collect()
    }

    /// The field that the tenant is compared with, where there is one to be compared.
    fn tenant(self) -> Option<usize> {
        let is_one = self.reach.tenants == Tenants::One;
        self.model.tenant().filter(|_| is_one)
    }
}

impl Draft<'_> {
    /// What must hold of a row of the statement's own table.
    pub(super) fn reached(&mut self) -> Vec<String> {
        self.reached_of(self.view(), "")
    }

    /// What must hold of a row beside them, whose table has another name in the statement.
    pub(super) fn reached_beside(&mut self, model: &ModelSchema, name: &str) -> Vec<String> {
        self.names(model);
        let deleted = Deleted::LeftOut;
        let reach = Reach {
            deleted,
            ..self.reach
        };
        self.reached_of(View { model, reach }, &format!("{name}."))
    }

    /// What must hold of a row that a new one conflicts with: it is none that was deleted, nor
    /// another tenant's.
    pub(super) fn reached_in_conflict(&self) -> Vec<String> {
        let table = identifier(&self.model.table.name);
        let reach = Reach {
            tenants: Tenants::One,
            ..self.reach
        };
        let tenant = self.model.tenant();
        let tenant = tenant.map(|position| format!("excluded.{}", self.column(position)));
        let view = View {
            model: self.model,
            reach,
        };
        view.conditions(&format!("{table}."), tenant.as_deref())
    }

    fn reached_of(&mut self, view: View<'_>, before: &str) -> Vec<String> {
        let tenant = view.tenant();
        let tenant = tenant.map(|position| self.tenant(&view.model.fields[position].field_type));
        view.conditions(before, tenant.as_deref())
    }
}

#[cfg(test)]
#[cfg(feature = "derive")]
mod tests;
