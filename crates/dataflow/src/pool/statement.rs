//! The text of a statement, with the types of its parameters.

use std::sync::Arc;

use dataflow_core::schema::FieldType;

/// SQL with the type of each of its parameters.
///
/// Made once per model and operation, or once per shape of a filter, and shared from then on: the
/// text is the key under which each connection keeps the statement prepared.
#[derive(Debug)]
pub(crate) struct Statement {
    sql: Arc<str>,
    parameters: Vec<FieldType>,
}

impl Statement {
    /// A statement whose parameters are numbered as the dialect numbers them, from 1.
    pub(crate) fn new(sql: impl Into<Arc<str>>, parameters: Vec<FieldType>) -> Self {
        Self {
            sql: sql.into(),
            parameters,
        }
    }

    /// The text.
    pub(crate) fn sql(&self) -> &Arc<str> {
        &self.sql
    }

    /// The type of each parameter, in order.
    pub(crate) fn parameters(&self) -> &[FieldType] {
        &self.parameters
    }
}
