//! A workflow as a file tells it.

use std::collections::HashMap;
use std::sync::Arc;

use dataflow_core::error::{Error, FaultCode, Result, closest};
use dataflow_core::node::{Node, Source};

use super::complaint::{Complaint, refuse};
use super::format::Format;
use super::{json, read, toml, yaml};
use crate::binding::Origin;
use crate::mistake::{Mistake, node_pointer};
use crate::transaction;
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
/// transactional: false          # true: all of it takes effect in one transaction, or nothing
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
/// let workflow = definition.build(&nodes, &[])?;
///
/// assert_eq!(definition.name(), "welcome");
/// assert_eq!(workflow.input().required_names(), ["name"]);
/// # Ok::<(), dataflow_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Definition {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) is_transactional: bool,
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

impl Definition {
    /// Reads a definition. Which nodes there are does not matter yet.
    ///
    /// # Errors
    ///
    /// Of kind [`Configuration`](dataflow_core::error::Kind::Configuration). When the text is not in the format, with
    /// line and column. When entries are unknown, missing, given twice or of the wrong type, with
    /// one fault for each, which begins with its line.
    pub fn parse(format: Format, text: &str) -> Result<Self> {
        let tree = match format {
            Format::Json => json::parse(text),
            Format::Yaml => yaml::parse(text),
            Format::Toml => toml::parse(text),
        };
        let tree = tree.map_err(Error::from)?;
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

    /// Joins the nodes that the definition names. Where it is transactional, its nodes run in one
    /// [transaction](crate::WorkflowBuilder::transactional) of the source that they belong to.
    ///
    /// # Errors
    ///
    /// Of kind [`Configuration`](dataflow_core::error::Kind::Configuration), when a node is not among those given, or
    /// the workflow has [mistakes](Mistake), or is transactional and none of its nodes belongs to a
    /// source; with one fault for each, which begins with its line.
    pub fn build(&self, nodes: &[Arc<dyn Node>], sources: &[Arc<dyn Source>]) -> Result<Workflow> {
        let known: HashMap<&str, &Arc<dyn Node>> = nodes
            .iter()
            .map(|node| (node.descriptor().name(), node))
            .collect();
        let is_known = |step: &&Step| known.contains_key(step.node.as_str());
        let (found, lost): (Vec<&Step>, Vec<&Step>) = self.steps.iter().partition(is_known);
        let mut builder = Workflow::builder().description(&self.description);
        for step in found {
            builder = builder.node(&step.id, Arc::clone(known[step.node.as_str()]));
            for (input, origin) in &step.feeds {
                builder = builder.feed(&step.id, input, origin.clone());
            }
        }
        builder.outputs.clone_from(&self.outputs);
        if self.is_transactional {
            let nodes = builder.nodes.iter().map(|(_, node)| node);
            builder.transactions = transaction::source_of(nodes, sources);
        }
        let lacks_source =
            self.is_transactional && builder.transactions.is_none() && lost.is_empty();

        // What a lost node leads to in the rest of the workflow is no mistake of its own.
        let follows = |mistake: &Mistake| match mistake {
            Mistake::Empty => !lost.is_empty(),
            Mistake::UnknownNode { id, .. } => lost.iter().any(|step| step.id == *id),
            _ => false,
        };
        let mistakes = builder.mistakes();
        let own = mistakes.iter().filter(|mistake| !follows(mistake));
        let complaints: Vec<Complaint> = lost
            .iter()
            .map(|step| self.unknown_node(step, known.keys().copied()))
            .chain(own.map(|mistake| self.complaint(mistake)))
            .chain(lacks_source.then(|| self.no_transaction()))
            .collect();
        match complaints.is_empty() {
            true => builder.build(),
            false => Err(refuse(complaints)),
        }
    }

    fn unknown_node<'a>(&self, step: &Step, names: impl Iterator<Item = &'a str>) -> Complaint {
        let pointer = format!("{}/use", node_pointer(&step.id));
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

    fn no_transaction(&self) -> Complaint {
        let pointer = "/transactional".to_owned();
        Complaint {
            line: self.line_of(&pointer),
            pointer,
            code: FaultCode::Reference,
            detail: "no node belongs to a database, so there is no transaction to be in".to_owned(),
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
        let mut around = Some(pointer);
        while let Some(pointer) = around {
            if let Some(line) = self.lines.get(pointer) {
                return *line;
            }
            around = pointer.rsplit_once('/').map(|(parent, _)| parent);
        }
        1
    }
}
