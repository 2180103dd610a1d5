//! A workflow as a file tells it.

use std::collections::HashMap;
use std::sync::Arc;

use dataflow_core::error::{Error, Fault, FaultCode, Kind, Result, closest};
use dataflow_core::node::Node;

use super::format::Format;
use super::tree::{Tree, Unreadable};
use super::{json, read, toml, yaml};
use crate::binding::Origin;
use crate::mistake::Mistake;
use crate::workflow::Workflow;

/// A workflow as a file tells it, before its nodes are found.
///
/// The keys are the same in every [`Format`]; this is YAML:
///
/// ```
/// # use std::sync::Arc;
/// use dataflow_core::node::Node;
/// use dataflow_workflow::{Definition, Format, handler};
///
/// let definition = Definition::parse(
///     Format::Yaml,
///     r#"
/// name: welcome
/// description: Greets somebody
/// nodes:
///   greeting:
///     use: greet                # the name of a node
///     with:
///       name: $inputs.name      # an input of the workflow; `$user.id` is an output of a node
///       price: $$5              # a constant: two dollars stand for one
/// outputs:                      # may be left out: then it is every node's output
///   text: $greeting
/// "#,
/// )?;
/// # #[derive(serde::Deserialize, schemars::JsonSchema)]
/// # struct Greet { name: String, price: String }
/// # let greet = handler("greet", async |input: Greet| -> dataflow_core::Result<String> {
/// #     Ok(format!("{} {}", input.name, input.price))
/// # })?;
/// let nodes: [Arc<dyn Node>; 1] = [Arc::new(greet)];
/// let workflow = definition.build(&nodes)?;
///
/// assert_eq!(definition.name(), "welcome");
/// assert_eq!(workflow.input().required_names(), ["name"]);
/// # Ok::<(), dataflow_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Definition {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) steps: Vec<Step>,
    pub(super) outputs: Vec<(String, Origin)>,
    /// The line of every entry, under its JSON pointer.
    pub(super) lines: HashMap<String, usize>,
}

/// An entry of `nodes`.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) id: String,
    /// The name of the node that it uses.
    pub(super) node: String,
    pub(super) feeds: Vec<(String, Origin)>,
}

/// One thing that is wrong with a file.
pub(super) struct Complaint {
    pub(super) line: usize,
    pub(super) pointer: String,
    pub(super) code: FaultCode,
    pub(super) detail: String,
}

impl Definition {
    /// Reads a definition. Which nodes there are does not matter yet.
    ///
    /// # Errors
    ///
    /// Of kind [`Configuration`](Kind::Configuration). When the text is not in the format, with
    /// line and column. When entries are unknown, missing, given twice or of the wrong type, with
    /// one fault for each, which begins with its line.
    pub fn parse(format: Format, text: &str) -> Result<Self> {
        let tree = match format {
            Format::Json => json::parse(text),
            Format::Yaml => yaml::parse(text),
            Format::Toml => toml::parse(text),
        };
        let tree: Tree = tree.map_err(Error::from)?;
        match read::read(&tree) {
            (definition, complaints) if complaints.is_empty() => Ok(definition),
            (_, complaints) => Err(refuse(complaints)),
        }
    }

    /// The name that the workflow is offered by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the workflow does.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Joins the nodes that the definition names.
    ///
    /// # Errors
    ///
    /// Of kind [`Configuration`](Kind::Configuration), when a node is not among those given, or
    /// the workflow has [mistakes](Mistake); with one fault for each, which begins with its line.
    pub fn build(&self, nodes: &[Arc<dyn Node>]) -> Result<Workflow> {
        let known: HashMap<&str, &Arc<dyn Node>> = nodes
            .iter()
            .map(|node| (node.descriptor().name.as_str(), node))
            .collect();
        let mut complaints = Vec::new();
        let mut builder = Workflow::builder().description(&self.description);
        for step in &self.steps {
            match known.get(step.node.as_str()) {
                Some(node) => builder = builder.node(&step.id, Arc::clone(node)),
                None => complaints.push(self.unknown_node(step, known.keys().copied())),
            }
            for (input, origin) in &step.feeds {
                builder = builder.feed(&step.id, input, origin.clone());
            }
        }
        builder.outputs.clone_from(&self.outputs);

        // Without its nodes, a workflow would be blamed for what only they can tell.
        if complaints.is_empty() {
            complaints.extend(
                builder
                    .mistakes()
                    .iter()
                    .map(|mistake| self.complaint(mistake)),
            );
        }
        match complaints.is_empty() {
            true => builder.build(),
            false => Err(refuse(complaints)),
        }
    }

    fn unknown_node<'a>(&self, step: &Step, names: impl Iterator<Item = &'a str>) -> Complaint {
        let pointer = format!("{}/use", crate::mistake::node_pointer(&step.id));
        let meant = match closest(&step.node, names) {
            Some(meant) => format!("; did you mean {meant:?}?"),
            None => String::new(),
        };
        Complaint {
            line: self.line_of(&pointer),
            pointer,
            code: FaultCode::Unknown,
            detail: format!("there is no node to use called {:?}{meant}", step.node),
        }
    }

    fn complaint(&self, mistake: &Mistake) -> Complaint {
        let pointer = mistake.pointer();
        Complaint {
            line: self.line_of(&pointer),
            pointer,
            code: mistake.code(),
            detail: mistake.to_string(),
        }
    }

    /// The line of an entry, or of the nearest one around it.
    fn line_of(&self, pointer: &str) -> usize {
        let ends = pointer
            .match_indices('/')
            .map(|(end, _)| end)
            .chain([pointer.len()]);
        let around = ends.map(|end| &pointer[..end]).collect::<Vec<_>>();
        around
            .into_iter()
            .rev()
            .find_map(|pointer| self.lines.get(pointer))
            .copied()
            .unwrap_or(1)
    }
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        let place = match unreadable.column {
            Some(column) => format!("line {}, column {column}", unreadable.line),
            None => format!("line {}", unreadable.line),
        };
        Error::new(Kind::Configuration, unreadable.message).within(place)
    }
}

fn refuse(mut complaints: Vec<Complaint>) -> Error {
    complaints.sort_by_key(|complaint| complaint.line);
    let faults: Vec<Fault> = complaints
        .into_iter()
        .map(|complaint| Fault {
            pointer: complaint.pointer,
            code: complaint.code,
            detail: format!("line {}: {}", complaint.line, complaint.detail).into(),
        })
        .collect();
    let message = match faults.as_slice() {
        [only] => only.detail.to_string(),
        many => format!("the definition has {} mistakes", many.len()),
    };
    Error::new(Kind::Configuration, message).with_faults(faults)
}
