//! A workflow that has passed every check, as the runtime walks it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use dataflow_core::node::Node;
use serde_json::Value as Json;

use crate::binding::{Origin, Path};
use crate::builder::WorkflowBuilder;

/// The nodes with what feeds them, and what the workflow gives in the end.
pub(crate) struct Graph {
    pub(crate) steps: Vec<Step>,
    pub(crate) outputs: Vec<Wire>,
}

/// A node and its neighbours.
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) node: Arc<dyn Node>,
    pub(crate) wires: Vec<Wire>,
    /// How many nodes must finish before it.
    pub(crate) parents: usize,
    /// The steps that wait for it.
    pub(crate) children: Vec<usize>,
}

/// A named value and where it comes from.
pub(crate) struct Wire {
    pub(crate) name: String,
    pub(crate) source: Source,
}

/// An [`Origin`] whose node has been found.
pub(crate) enum Source {
    Constant(Json),
    Input(Path),
    Output { step: usize, path: Path },
}

impl Graph {
    /// Joins what a checked builder was told.
    pub(crate) fn new(builder: WorkflowBuilder) -> Self {
        let mut steps: Vec<Step> = builder.nodes.into_iter().map(step).collect();
        let index: HashMap<String, usize> = steps
            .iter()
            .enumerate()
            .map(|(at, step)| (step.id.clone(), at))
            .collect();

        for link in builder.links {
            let source = resolve(link.origin, &index);
            steps[index[&link.node]].wires.push(Wire {
                name: link.input,
                source,
            });
        }
        for child in 0..steps.len() {
            let parents = parents_of(&steps[child]);
            steps[child].parents = parents.len();
            for parent in parents {
                steps[parent].children.push(child);
            }
        }
        let outputs = match builder.outputs.is_empty() {
            true => steps.iter().enumerate().map(whole_output).collect(),
            false => {
                let chosen = builder.outputs.into_iter();
                chosen
                    .map(|(name, origin)| Wire {
                        name,
                        source: resolve(origin, &index),
                    })
                    .collect()
            }
        };
        Self { steps, outputs }
    }
}

fn step((id, node): (String, Arc<dyn Node>)) -> Step {
    Step {
        id,
        node,
        wires: Vec::new(),
        parents: 0,
        children: Vec::new(),
    }
}

fn resolve(origin: Origin, index: &HashMap<String, usize>) -> Source {
    match origin {
        Origin::Constant(value) => Source::Constant(value),
        Origin::Input(path) => Source::Input(path),
        Origin::Output { node, path } => Source::Output {
            step: index[&node],
            path,
        },
    }
}

fn parents_of(step: &Step) -> BTreeSet<usize> {
    let parent = |wire: &Wire| match wire.source {
        Source::Output { step, .. } => Some(step),
        Source::Constant(_) | Source::Input(_) => None,
    };
    step.wires.iter().filter_map(parent).collect()
}

fn whole_output((at, step): (usize, &Step)) -> Wire {
    Wire {
        name: step.id.clone(),
        source: Source::Output {
            step: at,
            path: Path::default(),
        },
    }
}
