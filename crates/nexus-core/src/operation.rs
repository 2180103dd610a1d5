//! One thing that can be called.

use std::sync::Arc;

use dataflow_core::ModelSchema;
use dataflow_core::node::{Descriptor, ModelVerb, Node};

/// One thing that can be called, under the name that every door uses. Cheap to clone.
#[derive(Clone)]
pub struct Operation {
    node: Arc<dyn Node>,
    position: usize,
}

impl Operation {
    pub(crate) fn new(node: Arc<dyn Node>, position: usize) -> Self {
        Self { node, position }
    }

    /// The name at every door.
    pub fn name(&self) -> &str {
        self.descriptor().name()
    }

    /// What it takes and gives.
    pub fn descriptor(&self) -> &Descriptor {
        self.node.descriptor()
    }

    /// The model and verb, when it is one of a model's operations.
    pub fn model(&self) -> Option<(&ModelSchema, ModelVerb)> {
        self.descriptor()
            .model()
            .map(|(model_schema, verb)| (&**model_schema, verb))
    }

    pub(crate) fn node(&self) -> &Arc<dyn Node> {
        &self.node
    }

    /// Its place in the order of registration.
    pub(crate) fn position(&self) -> usize {
        self.position
    }
}
