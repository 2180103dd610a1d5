//! Audit entries, as doors are shown them.

use dataflow_core::node::{Answer, Form, ModelVerb, Object};
use dataflow_core::query::Filter;
use dataflow_core::{Model as _, ModelSchema, Result, Value};
use serde_json::{Value as Json, json};

use super::{call, selection};
use crate::audit::AuditEntry;
use crate::table::{Beginning, Selection, Table, row_not_found};
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

/// What was done to one row, newest first. The row need not be there any more, but it must have been:
/// one that nothing is known of is not found.
pub(super) async fn of_row(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let (key, from, limit) = selection::read_page_of_row(table, input)?;
    let is_whole = matches!(from, Beginning::FirstRow);
    let trail = table.trail()?;
    let listed = table.measured(ModelVerb::Audit, async || {
        let (filter, is_there) = table.entries_of(key).await?;
        let selection = Selection {
            order: vec![AuditEntry::ID.desc().into_order()],
            from,
            ..Selection::of(filter, limit)
        };
        let answer = call::listed(&trail, form, selection).await?;
        match answer.rows {
            Some(0) if is_whole && !is_there => Err(row_not_found(table.model())),
            _ => Ok(answer),
        }
    });
    Ok(without_secrets(table.model(), listed.await?))
}

/// Entries may be older than a field's declaration as secret, and then hold values of it.
fn without_secrets(model: &ModelSchema, answer: Answer) -> Answer {
    let secret = |field: &Json| {
        let field = field.as_str().and_then(|name| model.field(name));
        field.is_some_and(|field| field.access.is_secret())
    };
    if !model.fields.iter().any(|field| field.access.is_secret()) {
        return answer;
    }
    let mut answer = answer;
    let mut entries = std::mem::take(&mut answer.body).into_value();
    let of_entry = |entry: &mut Json| entry["changes"].as_array_mut().map(std::mem::take);
    for entry in entries.as_array_mut().into_iter().flatten() {
        let changes = of_entry(entry).unwrap_or_default().into_iter();
        let changes = changes.map(|change| match secret(&change["field"]) {
            true => json!({ "field": change["field"], "is_masked": true }),
            false => change,
        });
        entry["changes"] = changes.collect();
    }
    answer.body = entries.into();
    answer
}

fn of_tenant(tenant: &Tenant) -> Result<Filter> {
    let name = match tenant {
        Tenant::One(tenant) => Value::Text(tenant.to_string()),
        Tenant::Unknown | Tenant::All => Value::Null,
    };
    Filter::all().and_equal(AuditEntry::schema(), "tenant", name)
}
