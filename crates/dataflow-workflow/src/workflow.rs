//! A workflow that is ready to run.

use std::fmt;
use std::sync::Arc;

use dataflow_core::error::{Error, Result};
use dataflow_core::node::{
    Answer, Body, BoxFuture, Context, Descriptor, Details, Form, Node, Object, Shape, Source,
};
use serde_json::Value as Json;

use crate::builder::WorkflowBuilder;
use crate::graph::Graph;
use crate::{interface, run, transaction};

/// A checked graph of nodes. Copies are cheap and share it.
#[derive(Clone)]
pub struct Workflow {
    description: String,
    input: Shape,
    output: Shape,
    graph: Arc<Graph>,
    transactions: Option<Arc<dyn Source>>,
}

impl Workflow {
    /// Starts to tell a workflow.
    pub fn builder() -> WorkflowBuilder {
        WorkflowBuilder::default()
    }

    pub(crate) fn new(builder: WorkflowBuilder) -> Self {
        let input = interface::inputs(&builder);
        Self {
            description: builder.description.clone(),
            output: interface::outputs(&builder, &input),
            input,
            transactions: builder.transactions.clone(),
            graph: Arc::new(Graph::new(builder)),
        }
    }

    /// What it does, for people and models.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The object it takes: a member for each `inputs.…` that feeds a node.
    pub fn input(&self) -> &Shape {
        &self.input
    }

    /// The object it gives: a member for each chosen output, else for each node.
    pub fn output(&self) -> &Shape {
        &self.output
    }

    /// The ids of its nodes, in the order they were told.
    pub fn node_ids(&self) -> impl Iterator<Item = &str> {
        self.graph.steps.iter().map(|step| step.id.as_str())
    }

    /// Calls every node once, each as soon as what feeds it is there, so that branches which do
    /// not wait for each other run at once. Dropping the future cancels all of them.
    ///
    /// # Errors
    ///
    /// When the inputs do not fit; nothing has been called then. When a node fails: the error
    /// keeps its kind, faults and advice and says which node it was, and the other nodes in flight
    /// are cancelled. When the deadline of the call passes. When its
    /// [transaction](WorkflowBuilder::transactional) cannot begin or be committed.
    ///
    /// # Panics
    ///
    /// When the call has a deadline and there is no tokio runtime with a timer.
    pub async fn run(&self, context: &Context, inputs: Object) -> Result<Object> {
        let faults = self.input.object_faults(&inputs);
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        match &self.transactions {
            Some(source) if context.scope.is_none() => {
                transaction::run(&**source, &self.graph, context, inputs).await
            }
            _ => run::run(&self.graph, context, inputs).await,
        }
    }

    /// The workflow as a node, under the name that it is offered by.
    pub fn named(self, name: impl Into<String>) -> WorkflowNode {
        let details = Details {
            description: self.description.clone(),
            input: self.input.clone(),
            output: self.output.clone(),
        };
        WorkflowNode {
            descriptor: Descriptor::custom(name, details),
            workflow: self,
        }
    }
}

impl fmt::Debug for Workflow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes: Vec<&str> = self.node_ids().collect();
        formatter
            .debug_struct("Workflow")
            .field("nodes", &nodes)
            .finish_non_exhaustive()
    }
}

/// A workflow with a name, callable like any other node.
#[derive(Debug)]
pub struct WorkflowNode {
    descriptor: Descriptor,
    workflow: Workflow,
}

impl Node for WorkflowNode {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn call<'a>(&'a self, context: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let outputs = Json::Object(self.workflow.run(context, input).await?);
            Ok(Answer::new(match context.form {
                Form::Bytes => Body::Bytes(outputs.to_string().into()),
                Form::Value => Body::Value(outputs),
            }))
        })
    }

    fn calls(&self) -> Vec<Arc<dyn Node>> {
        let steps = self.workflow.graph.steps.iter();
        steps.map(|step| step.node.clone()).collect()
    }
}
