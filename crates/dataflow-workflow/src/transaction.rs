//! Runs a workflow so that all of it takes effect, or nothing.

use dataflow_core::error::Result;
use dataflow_core::node::{Context, Object, Source};

use crate::graph::Graph;
use crate::run;

/// Runs every node in one transaction of a source.
///
/// A run that is dropped drops the last hold on the transaction, which rolls back.
pub(crate) async fn run(
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
