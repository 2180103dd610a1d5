//! On whose behalf rows are reached that belong to somebody.

use std::borrow::Cow;
use std::sync::Arc;

use dataflow_core::error::Code;
use dataflow_core::schema::{Field, FieldType};
use dataflow_core::value::from_json;
use dataflow_core::{Error, ModelSchema, Result, Value};

/// Whose rows are reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Tenant {
    /// Nobody has said: rows that have an owner are out of reach.
    #[default]
    Unknown,
    /// Of one.
    One(Arc<str>),
    /// Of all at once, as whoever administers the database wants it.
    All,
}

/// The field that says whose a row is.
pub(crate) fn tenant_field(model: &ModelSchema) -> Option<&Field> {
    model.tenant().map(|position| &model.fields[position])
}

/// The name of a tenant as what a field holds that says whose a row is.
pub(crate) fn tenant_value(tenant: &str, field_type: &FieldType) -> Result<Value> {
    let json = match field_type {
        FieldType::String | FieldType::Uuid => Some(tenant.into()),
        _ => tenant.parse::<i64>().ok().map(Into::into),
    };
    let value = json.and_then(|json| from_json(field_type, &json).ok());
    value.ok_or_else(|| {
        let expected = field_type.describe();
        let message = format!("the tenant of the call is not {expected}");
        Error::of(Code::Tenant, message)
    })
}

pub(crate) fn no_tenant(model: &ModelSchema) -> Error {
    let whose: Cow<'_, str> = match model.tenant() {
        Some(_) => format!("rows of model {:?}", model.name).into(),
        None => format!("rows that model {:?} leads to", model.name).into(),
    };
    Error::of(
        Code::Tenant,
        format!("no tenant is given, and {whose} have one"),
    )
    .with_help("reach them through db.tenant(\"…\"), or give the call's context a tenant")
}
