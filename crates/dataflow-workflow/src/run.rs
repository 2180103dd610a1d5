//! Runs the nodes of a workflow, each as soon as what feeds it is there.

use std::time::Instant;

use dataflow_core::error::pointer::below;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Context, Form, Object};
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::Value as Json;
use tokio::time::timeout_at;

use crate::binding::Path;
use crate::graph::{Graph, Source, Step, Wire};

/// Runs every node once and gathers the outputs.
///
/// The first failure ends the run: what is still in flight is dropped, which cancels it.
pub(crate) async fn run(graph: &Graph, context: &Context, inputs: Object) -> Result<Object> {
    let mut context = context.clone();
    context.form = Form::Value;
    let mut run = Run {
        graph,
        inputs: Json::Object(inputs),
        missing: graph.steps.iter().map(|step| step.parents).collect(),
        results: vec![None; graph.steps.len()],
    };

    let mut in_flight = FuturesUnordered::new();
    let mut ready: Vec<usize> = (0..graph.steps.len())
        .filter(|at| run.missing[*at] == 0)
        .collect();
    loop {
        run.check_time(context.deadline)?;
        for at in ready.drain(..) {
            let step = &graph.steps[at];
            in_flight.push(call(at, step, &context, run.gather(&step.wires)?));
        }
        let next = match context.deadline {
            None => in_flight.next().await,
            Some(deadline) => {
                let next = timeout_at(deadline.into(), in_flight.next()).await;
                next.map_err(|_| run.too_late())?
            }
        };
        match next {
            Some(outcome) => ready = run.finish(outcome?),
            None => return run.gather(&graph.outputs),
        }
    }
}

async fn call(at: usize, step: &Step, context: &Context, input: Object) -> Result<(usize, Json)> {
    let answer = step.node.call(context, input).await;
    let answer = answer.map_err(|error| point_at_inputs(step, error).within(place(step)))?;
    Ok((at, answer.body.into_value()))
}

struct Run<'a> {
    graph: &'a Graph,
    inputs: Json,
    /// How many results each step still waits for.
    missing: Vec<usize>,
    results: Vec<Option<Json>>,
}

impl Run<'_> {
    /// Keeps a result; returns the steps that were waiting for nothing else.
    fn finish(&mut self, (at, result): (usize, Json)) -> Vec<usize> {
        self.results[at] = Some(result);
        let mut ready = Vec::new();
        for &child in &self.graph.steps[at].children {
            self.missing[child] -= 1;
            if self.missing[child] == 0 {
                ready.push(child);
            }
        }
        ready
    }

    /// The values of some wires, by name; a workflow input that was not given is left out.
    fn gather(&self, wires: &[Wire]) -> Result<Object> {
        let mut values = Object::new();
        for wire in wires {
            let value = match &wire.source {
                Source::Constant(value) => Some(value),
                Source::Input(path) => path.find(&self.inputs),
                Source::Output { step, path } => {
                    let result = self.results[*step].as_ref();
                    let result = result.expect("a step starts after those that feed it");
                    let found = path.find(result);
                    Some(found.ok_or_else(|| no_such_part(&self.graph.steps[*step], path))?)
                }
            };
            if let Some(value) = value {
                values.insert(wire.name.clone(), value.clone());
            }
        }
        Ok(values)
    }

    fn check_time(&self, deadline: Option<Instant>) -> Result<()> {
        match deadline {
            Some(deadline) if tokio::time::Instant::now() >= deadline.into() => {
                Err(self.too_late())
            }
            _ => Ok(()),
        }
    }

    fn too_late(&self) -> Error {
        let steps = self.graph.steps.iter().enumerate();
        let unfinished: Vec<String> = steps
            .filter(|(at, _)| self.missing[*at] == 0 && self.results[*at].is_none())
            .map(|(_, step)| format!("{:?}", step.id))
            .collect();
        let names = unfinished.join(", ");
        let message = format!("the deadline of the call passed before {names} finished");
        Error::new(Kind::Timeout, message)
    }
}

/// Moves the faults of a node's input to the workflow inputs that they came from.
fn point_at_inputs(step: &Step, error: Error) -> Error {
    error.with_pointers(|pointer| {
        let source = step.wires.iter().find_map(|wire| {
            let of_wire = below("", &wire.name);
            let rest = pointer.strip_prefix(&of_wire)?;
            let is_whole_name = rest.is_empty() || rest.starts_with('/');
            is_whole_name.then_some((&wire.source, rest))
        });
        match source? {
            (Source::Input(path), rest) => Some(format!("{}{rest}", path.pointer())),
            _ => None,
        }
    })
}

fn no_such_part(step: &Step, path: &Path) -> Error {
    let message = format!("its output has nothing at {:?}", path.to_string());
    Error::new(Kind::Internal, message).within(place(step))
}

fn place(step: &Step) -> String {
    format!("node {:?}", step.id)
}
