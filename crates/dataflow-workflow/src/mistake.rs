//! What can be wrong with a workflow before it ever runs.

use std::fmt;

use dataflow_core::error::pointer::below;
use dataflow_core::error::{Error, Fault, FaultCode, Kind};

/// One thing that is wrong with a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mistake {
    /// The workflow has no nodes.
    Empty,
    /// A node id is empty, has a dot, or is the word `inputs`.
    BadId {
        /// The id.
        id: String,
    },
    /// Two nodes have one id.
    DuplicateId {
        /// The id.
        id: String,
    },
    /// A path cannot be read.
    BadPath {
        /// What was written.
        path: String,
        /// Where it is used: a JSON pointer into the workflow.
        pointer: String,
    },
    /// No node has this id.
    UnknownNode {
        /// The id.
        id: String,
        /// The id that was probably meant.
        closest: Option<String>,
        /// Where it is used: a JSON pointer into the workflow.
        pointer: String,
    },
    /// A node does not take an input of this name.
    UnknownInput {
        /// The node's id.
        node: String,
        /// The input.
        input: String,
        /// The input that was probably meant.
        closest: Option<String>,
    },
    /// A path leads to something that the output of its node never has.
    UnknownOutput {
        /// The path.
        path: String,
        /// The member that was probably meant.
        closest: Option<String>,
        /// Where it is used: a JSON pointer into the workflow.
        pointer: String,
    },
    /// A required input of a node is not fed.
    MissingInput {
        /// The node's id.
        node: String,
        /// The input.
        input: String,
    },
    /// An input of a node is fed more than once.
    FedTwice {
        /// The node's id.
        node: String,
        /// The input.
        input: String,
    },
    /// A constant is refused by the input that it is set on.
    RefusedConstant {
        /// The node's id.
        node: String,
        /// The input.
        input: String,
        /// What the input says.
        detail: String,
    },
    /// An input is fed from something of another type.
    OtherType {
        /// The node's id.
        node: String,
        /// The input.
        input: String,
        /// Where it is fed from.
        path: String,
        /// The type of what it is fed from.
        found: String,
        /// The type of the input.
        wanted: String,
    },
    /// A workflow input feeds inputs that cannot all take the same value.
    Ambiguous {
        /// The workflow input.
        path: String,
        /// The node whose input disagrees with one before it.
        node: String,
        /// The input that disagrees.
        input: String,
    },
    /// A node feeds itself.
    SelfConnection {
        /// The node's id.
        node: String,
        /// The input.
        input: String,
    },
    /// Nodes wait for each other.
    Circle {
        /// Their ids, each feeding the next and the last feeding the first.
        nodes: Vec<String>,
    },
    /// A node works on another database than that of the workflow's transaction.
    OtherSource {
        /// The node's id.
        id: String,
        /// The name of what it calls there.
        name: String,
    },
    /// Two outputs of the workflow have one name.
    DuplicateOutput {
        /// The name.
        name: String,
    },
}

impl Mistake {
    /// Where it is: a JSON pointer into the workflow as a definition file would write it, such as
    /// `/nodes/post/with/title`.
    pub fn pointer(&self) -> String {
        match self {
            Self::Empty => "/nodes".to_owned(),
            Self::BadId { id } | Self::DuplicateId { id } | Self::OtherSource { id, .. } => {
                node_pointer(id)
            }
            Self::BadPath { pointer, .. }
            | Self::UnknownNode { pointer, .. }
            | Self::UnknownOutput { pointer, .. } => pointer.clone(),
            Self::MissingInput { node, .. } => node_pointer(node),
            Self::UnknownInput { node, input, .. }
            | Self::FedTwice { node, input }
            | Self::RefusedConstant { node, input, .. }
            | Self::OtherType { node, input, .. }
            | Self::Ambiguous { node, input, .. }
            | Self::SelfConnection { node, input } => input_pointer(node, input),
            Self::Circle { nodes } => nodes
                .first()
                .map_or_else(String::new, |id| node_pointer(id)),
            Self::DuplicateOutput { name } => output_pointer(name),
        }
    }

    pub(crate) fn code(&self) -> FaultCode {
        match self {
            Self::Empty | Self::MissingInput { .. } => FaultCode::Required,
            Self::BadId { .. } | Self::BadPath { .. } => FaultCode::Format,
            Self::UnknownNode { .. } | Self::UnknownInput { .. } | Self::UnknownOutput { .. } => {
                FaultCode::Unknown
            }
            Self::DuplicateId { .. } | Self::DuplicateOutput { .. } | Self::FedTwice { .. } => {
                FaultCode::Unique
            }
            Self::OtherType { .. } | Self::RefusedConstant { .. } | Self::Ambiguous { .. } => {
                FaultCode::Type
            }
            Self::SelfConnection { .. } | Self::Circle { .. } | Self::OtherSource { .. } => {
                FaultCode::Reference
            }
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("the workflow has no nodes"),
            Self::BadId { id } => write!(
                formatter,
                "node {id:?}: an id is not empty, has no dot and is not `inputs`"
            ),
            Self::DuplicateId { id } => write!(formatter, "two nodes are called {id:?}"),
            Self::BadPath { path, .. } => write!(formatter, "path {path:?} cannot be read"),
            Self::UnknownNode { id, closest, .. } => {
                write!(formatter, "there is no node {id:?}{}", Meant(closest))
            }
            Self::UnknownInput {
                node,
                input,
                closest,
            } => {
                write!(
                    formatter,
                    "node {node:?} takes no input {input:?}{}",
                    Meant(closest)
                )
            }
            Self::UnknownOutput { path, closest, .. } => {
                write!(
                    formatter,
                    "path {path:?} leads to nothing{}",
                    Meant(closest)
                )
            }
            Self::MissingInput { node, input } => {
                write!(
                    formatter,
                    "node {node:?} needs input {input:?}, and nothing feeds it"
                )
            }
            Self::FedTwice { node, input } => {
                write!(
                    formatter,
                    "input {input:?} of node {node:?} is fed more than once"
                )
            }
            Self::RefusedConstant {
                node,
                input,
                detail,
            } => {
                write!(
                    formatter,
                    "input {input:?} of node {node:?} refuses its constant: {detail}"
                )
            }
            Self::OtherType {
                node,
                input,
                path,
                found,
                wanted,
            } => write!(
                formatter,
                "input {input:?} of node {node:?} is of type {wanted}, and {path:?} is of type {found}"
            ),
            Self::Ambiguous { path, node, input } => write!(
                formatter,
                "{path:?} cannot feed input {input:?} of node {node:?} and an earlier one: \
                 they are of different types, or one takes it whole and the other a part"
            ),
            Self::SelfConnection { node, input } => {
                write!(
                    formatter,
                    "input {input:?} of node {node:?} is fed by the node itself"
                )
            }
            Self::Circle { nodes } => {
                let first = nodes.first().map_or("", String::as_str);
                write!(
                    formatter,
                    "nodes wait for each other: {} → {first}",
                    nodes.join(" → ")
                )
            }
            Self::OtherSource { id, name } => write!(
                formatter,
                "node {id:?} cannot be inside the transaction: {name:?} belongs to another database"
            ),
            Self::DuplicateOutput { name } => {
                write!(formatter, "two outputs are called {name:?}")
            }
        }
    }
}

/// One error for all mistakes, each a fault at its pointer.
pub(crate) fn refuse(mistakes: &[Mistake]) -> Error {
    let message = match mistakes {
        [only] => only.to_string(),
        many => format!("the workflow has {} mistakes", many.len()),
    };
    let faults = mistakes
        .iter()
        .map(|mistake| Fault::new(mistake.pointer(), mistake.code(), mistake.to_string()));
    Error::new(Kind::Configuration, message).with_faults(faults.collect())
}

/// Where a node stands in a workflow.
pub(crate) fn node_pointer(id: &str) -> String {
    below("/nodes", id)
}

/// Where the input of a node is fed in a workflow.
pub(crate) fn input_pointer(node: &str, input: &str) -> String {
    below(&format!("{}/with", node_pointer(node)), input)
}

/// Where an output is chosen in a workflow.
pub(crate) fn output_pointer(name: &str) -> String {
    below("/outputs", name)
}

struct Meant<'a>(&'a Option<String>);

impl fmt::Display for Meant<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(formatter, "; did you mean {name:?}?"),
            None => Ok(()),
        }
    }
}
