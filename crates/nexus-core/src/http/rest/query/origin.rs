//! The model that the names in a part of a query are of.

use dataflow_core::ModelSchema;
use dataflow_core::query::Link;
use dataflow_core::schema::Models;

/// The model that the names in a part of a query are of, among those that its relations lead to.
#[derive(Clone, Copy)]
pub(in crate::http::rest) struct Origin<'a> {
    pub(super) models: &'a dyn Models,
    pub(super) model_schema: &'a ModelSchema,
}

impl<'a> Origin<'a> {
    pub(in crate::http::rest) fn of(models: &'a dyn Models, model_schema: &'a ModelSchema) -> Self {
        Self {
            models,
            model_schema,
        }
    }

    /// The relation of a name.
    pub(super) fn link(self, name: &str) -> Option<Link> {
        Link::find(self.models, self.model_schema, name)
    }

    /// Another model, to which a relation leads.
    pub(super) fn at<'b>(self, model_schema: &'b ModelSchema) -> Origin<'b>
    where
        'a: 'b,
    {
        Origin::of(self.models, model_schema)
    }
}
