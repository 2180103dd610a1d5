//! Every model's operations as nodes over JSON: what HTTP, MCP and workflows call.

mod call;
mod details;
mod input;
mod rows;
mod selection;
mod trail;
mod tree;

use std::sync::Arc;

use dataflow_core::Result;
use dataflow_core::node::{Answer, BoxFuture, Context, Descriptor, ModelVerb, Node, Object};

use crate::audit::is_trail;
use crate::table::{Behalf, Table};
use crate::tenant::Tenant;

/// One operation of one model.
struct ModelNode {
    table: Arc<Table>,
    verb: ModelVerb,
    descriptor: Descriptor,
}

/// The nodes of a model.
pub(crate) fn nodes(table: &Arc<Table>) -> Vec<Arc<dyn Node>> {
    let noun = table.model().noun();
    let node = |verb| -> Arc<dyn Node> {
        Arc::new(ModelNode {
            table: table.clone(),
            verb,
            descriptor: Descriptor::of_model(table.model(), &noun, verb, details::details),
        })
    };
    let is_shown = |verb: &ModelVerb| !is_trail(table.model()) || verb.is_read_only();
    let verbs = ModelVerb::ALL.into_iter();
    let verbs = verbs.filter(|verb| verb.is_of(table.model()) && is_shown(verb));
    verbs.map(node).collect()
}

impl Node for ModelNode {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, context: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let behalf = Behalf {
                tenant: context.tenant.clone().map(Tenant::One).unwrap_or_default(),
                caller: context.caller.clone(),
            };
            let table = match (&context.scope, context.deadline) {
                (None, None) if behalf.is_unknown() => &*self.table,
                (None, None) => &self.table.on_behalf_of(behalf),
                (None, Some(deadline)) => &self.table.on_behalf_of(behalf).until(deadline),
                (Some(scope), _) => &self.table.on_behalf_of(behalf).within(scope)?,
            };
            let answer = match is_trail(table.model()) {
                true => trail::call(table, self.verb, context.form, &input).await,
                false => call::call(table, self.verb, context.form, input).await,
            };
            answer.map_err(|error| table.placed(error))
        })
    }
}
