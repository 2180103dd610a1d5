//! Audit entries, as doors are shown them.

use dataflow_core::node::{Answer, Form, ModelVerb, Object};
use dataflow_core::query::Filter;
use dataflow_core::{Model as _, Result, Value};

use super::{call, selection};
use crate::audit::AuditEntry;
use crate::table::{Table, row_not_found};
use crate::tenant::Tenant;

/// Calls an operation, of those that only read. What it gives is bounded by whom the call is for:
/// the entries of the rows of a tenant, or those of rows that belong to nobody.
pub(super) async fn call(
    table: &Table,
    verb: ModelVerb,
    form: Form,
    input: &Object,
) -> Result<Answer> {
    let own = of_tenant(table.tenant())?;
    match verb {
        ModelVerb::Count => {
            let filter = selection::only_filter(table, input)?.and(own)?;
            Ok(call::counted(table.count(filter).await?, form))
        }
        ModelVerb::Read => {
            let (mut selection, _) = selection::read_one(table, input)?;
            selection.filter = selection.filter.and(own)?;
            let entry = call::object(table, form).with_columns(selection.columns(table.model()));
            match table.list(selection, entry).await? {
                (rendered, _) if rendered.rows == 0 => Err(row_not_found(table.model())),
                (rendered, _) => Ok(Answer::new(rendered.body)),
            }
        }
        _ => {
            let (mut selection, _) = selection::read(table, input)?;
            selection.filter = selection.filter.and(own)?;
            call::listed(table, form, selection).await
        }
    }
}

fn of_tenant(tenant: &Tenant) -> Result<Filter> {
    let name = match tenant {
        Tenant::One(tenant) => Value::Text(tenant.to_string()),
        Tenant::Unknown | Tenant::All => Value::Null,
    };
    Filter::all().and_equal(AuditEntry::schema(), "tenant", name)
}
