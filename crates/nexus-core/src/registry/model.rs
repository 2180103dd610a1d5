//! A model, seen from the doors.

use std::sync::Arc;

use dataflow_core::ModelSchema;
use dataflow_core::node::ModelVerb;

use crate::Operation;

/// A model, and those of its operations that are registered.
pub struct ModelOperations {
    schema: Arc<ModelSchema>,
    by_verb: [Option<Operation>; ModelVerb::ALL.len()],
}

impl ModelOperations {
    /// None of them yet.
    pub(super) fn of(schema: &Arc<ModelSchema>) -> Self {
        Self {
            schema: schema.clone(),
            by_verb: Default::default(),
        }
    }

    pub(super) fn add(&mut self, verb: ModelVerb, operation: &Operation) {
        self.by_verb[verb as usize] = Some(operation.clone());
    }

    /// The model.
    pub fn schema(&self) -> &ModelSchema {
        &self.schema
    }

    pub(super) fn shared_schema(&self) -> &Arc<ModelSchema> {
        &self.schema
    }

    /// The operation of a verb.
    pub fn get(&self, verb: ModelVerb) -> Option<&Operation> {
        self.by_verb[verb as usize].as_ref()
    }

    /// The operations, in the order of [`ModelVerb::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (ModelVerb, &Operation)> {
        let with_verb = ModelVerb::ALL.into_iter().zip(&self.by_verb);
        with_verb.filter_map(|(verb, operation)| Some((verb, operation.as_ref()?)))
    }
}
