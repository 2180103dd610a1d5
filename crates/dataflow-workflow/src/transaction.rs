//! Runs a workflow so that all of it takes effect, or nothing.

use std::collections::HashSet;
use std::sync::Arc;

use dataflow_core::error::{Attempts, Result};
use dataflow_core::node::{Context, Node, Object, Source};

use crate::graph::Graph;
use crate::run;

/// Runs every node in one transaction of a source: once more where another transaction was in the way,
/// for nothing of it has taken effect then.
///
/// A run that is dropped drops the last hold on the transaction, which rolls back.
pub(crate) async fn run(
    source: &dyn Source,
    graph: &Graph,
    context: &Context,
    inputs: Object,
) -> Result<Object> {
    let mut attempts = Attempts::new();
    loop {
        let outcome = run_once(source, graph, context, inputs.clone()).await;
        let Some(pause) = attempts.pause_after(&outcome) else {
            return outcome;
        };
        tokio::time::sleep(pause).await;
    }
}

async fn run_once(
    source: &dyn Source,
    graph: &Graph,
    context: &Context,
    inputs: Object,
) -> Result<Object> {
    let scope = source.begin().await?;
    let mut context = context.clone();
    context.scope = Some(scope.clone());
    match run::run(graph, &context, inputs).await {
        Ok(outputs) => scope.commit().await.map(|()| outputs),
        Err(error) => {
            scope.roll_back().await;
            Err(error)
        }
    }
}

/// The first source that any of some nodes works on.
pub(crate) fn source_of<'a>(
    nodes: impl Iterator<Item = &'a Arc<dyn Node>>,
    sources: &[Arc<dyn Source>],
) -> Option<Arc<dyn Source>> {
    let names: Vec<String> = nodes.flat_map(of_models).collect();
    let is_worked_on = |source: &&Arc<dyn Source>| {
        let own = names_of(&***source);
        names.iter().any(|name| own.contains(name))
    };
    sources.iter().find(is_worked_on).cloned()
}

/// The names of what can be called of a source.
pub(crate) fn names_of(source: &dyn Source) -> HashSet<String> {
    let nodes = source.nodes().into_iter();
    nodes
        .map(|node| node.descriptor().name().to_owned())
        .collect()
}

/// The operations of models that a call of a node comes to, by name: itself, or those that it calls
/// in its turn. Whatever else it does is no work of a database.
pub(crate) fn of_models(node: &Arc<dyn Node>) -> Vec<String> {
    let descriptor = node.descriptor();
    match descriptor.model() {
        Some(_) => vec![descriptor.name().to_owned()],
        None => node.calls().iter().flat_map(of_models).collect(),
    }
}
