//! Every model's eleven operations as nodes over JSON: what HTTP, MCP and workflows call.

mod call;
mod details;
mod input;
mod rows;
mod selection;
mod tree;

use std::sync::Arc;

use dataflow_core::Result;
use dataflow_core::node::{Answer, BoxFuture, Context, Descriptor, ModelVerb, Node, Object};

use crate::table::Table;

/// One operation of one model.
struct ModelNode {
    table: Arc<Table>,
    verb: ModelVerb,
    descriptor: Descriptor,
}

/// The eleven nodes of a model.
pub(crate) fn nodes(table: &Arc<Table>) -> Vec<Arc<dyn Node>> {
    let noun = table.model().noun();
    let node = |verb| -> Arc<dyn Node> {
        Arc::new(ModelNode {
            table: table.clone(),
            verb,
            descriptor: Descriptor::of_model(table.model(), &noun, verb, details::details),
        })
    };
    ModelVerb::ALL.into_iter().map(node).collect()
}

impl Node for ModelNode {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, context: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let table = match &context.scope {
                None => &*self.table,
                Some(scope) => &self.table.within(scope)?,
            };
            call::call(table, self.verb, context.form, input).await
        })
    }
}
