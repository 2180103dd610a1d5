//! Which rows are asked for.

use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::query::{Filter, key_of_cursor};
use dataflow_core::schema::FieldType;
use dataflow_core::{Error, FieldValue, ModelSchema, Result, Value};

use crate::table::Selection;

/// How many rows a list gives unless it is asked for another number.
pub(crate) const DEFAULT_LIMIT: usize = 100;

/// Which rows are asked for, in the order of their keys: every one, unless something is added.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Query {
    equal: Vec<Equal>,
    filter: Option<Filter>,
    limit: Option<usize>,
    after: Option<String>,
}

/// A field and the value it must have.
#[derive(Debug, Clone)]
struct Equal {
    field: String,
    field_type: FieldType,
    value: Value,
}

impl Query {
    /// Every row.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only rows whose field has a value; `None` asks for null. A field that does not exist, or has
    /// another type, is an error of the call that the query is given to.
    pub fn equal<V: FieldValue>(mut self, field: impl Into<String>, value: V) -> Self {
        self.equal.push(Equal {
            field: field.into(),
            field_type: V::TYPE,
            value: value.to_value(),
        });
        self
    }

    /// Only rows that a filter of the model lets through, as [`Filter::parse`] reads one.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// At most so many rows: 100 unless set.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Only rows after the cursor that came with the page before.
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.after = Some(cursor.into());
        self
    }

    /// What the query means for a model.
    pub(super) fn selection(self, model: &ModelSchema) -> Result<Selection> {
        let after = self
            .after
            .as_deref()
            .map(|cursor| key_of_cursor(model, cursor));
        let (limit, after) = (self.limit.unwrap_or(DEFAULT_LIMIT), after.transpose()?);
        let filter = self.into_filter(model)?;
        Ok(Selection {
            filter,
            after,
            limit,
        })
    }

    /// What the query lets through, without regard to pages.
    pub(super) fn into_filter(self, model: &ModelSchema) -> Result<Filter> {
        let mut filter = self.filter.unwrap_or_default();
        filter.check_model(model)?;
        for equal in self.equal {
            filter = filter.and_equal(model, &equal.field, equal.value)?;
            let declared = model.field(&equal.field).map(|field| &field.field_type);
            if let Some(declared) = declared.filter(|declared| **declared != equal.field_type) {
                let detail = format!("expected {}", declared.describe());
                let fault = Fault::of_field(&equal.field, FaultCode::Type, detail);
                return Err(Error::invalid(vec![fault]));
            }
        }
        Ok(filter)
    }
}
