//! Where the models are that relations lead to.

use std::sync::Arc;

use super::{ModelSchema, SchemaSet, TableName};

/// Finds the models that relations lead to.
///
/// An implementation MUST give every model that a relation of one of its models names, as
/// [`SchemaSet::validated`] has seen; a relation to a model that it does not give is not known.
pub trait Models {
    /// The model that has a table.
    fn of_table(&self, table: &TableName) -> Option<Arc<ModelSchema>>;
}

impl Models for SchemaSet {
    fn of_table(&self, table: &TableName) -> Option<Arc<ModelSchema>> {
        let found = self.models().find(|model| model.table == *table);
        found.map(|model| Arc::new(model.clone()))
    }
}
