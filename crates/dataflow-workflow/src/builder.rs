//! A workflow as it is told, piece by piece, before anything is checked.

use std::sync::Arc;

use dataflow_core::Result;
use dataflow_core::node::{Node, Object, Source};
use serde_json::Value as Json;

use crate::binding::Origin;
use crate::check::check;
use crate::mistake::{self, Mistake, input_pointer, output_pointer};
use crate::workflow::Workflow;

/// Collects the nodes of a workflow and what feeds them.
///
/// Nothing is refused before [`build`](Self::build), which then names every mistake at once.
#[must_use]
#[derive(Default)]
pub struct WorkflowBuilder {
    pub(crate) description: String,
    pub(crate) nodes: Vec<(String, Arc<dyn Node>)>,
    pub(crate) links: Vec<Link>,
    pub(crate) outputs: Vec<(String, Origin)>,
    pub(crate) unreadable: Vec<Mistake>,
    pub(crate) transactions: Option<Arc<dyn Source>>,
}

/// What feeds one input of one node.
pub(crate) struct Link {
    pub(crate) node: String,
    pub(crate) input: String,
    pub(crate) origin: Origin,
}

impl WorkflowBuilder {
    /// Says what the workflow does, for people and models.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a node under an id of its own. An `Arc<dyn Node>` is a node too, and so is another
    /// workflow once it is [named](Workflow::named).
    pub fn node(mut self, id: impl Into<String>, node: impl Node + 'static) -> Self {
        self.nodes.push((id.into(), Arc::new(node)));
        self
    }

    /// Sets an input of a node to a value.
    pub fn set(self, node: &str, input: &str, value: impl Into<Json>) -> Self {
        self.feed(node, input, Origin::Constant(value.into()))
    }

    /// Feeds an input of a node, `post.author_id`, from a workflow input, `inputs.email`, or from
    /// the output of another node, `user.id`.
    ///
    /// The path in front may go deeper: `inputs.user.email`, `users.0.id`. An id alone stands for
    /// the whole output.
    pub fn connect(mut self, from: &str, to: &str) -> Self {
        let Some((node, input)) = read_target(to) else {
            let pointer = String::new();
            self.unreadable.push(Mistake::BadPath {
                path: to.to_owned(),
                pointer,
            });
            return self;
        };
        let Some(origin) = Origin::parse(from) else {
            let pointer = input_pointer(node, input);
            self.unreadable.push(Mistake::BadPath {
                path: from.to_owned(),
                pointer,
            });
            return self;
        };
        self.feed(node, input, origin)
    }

    /// Chooses an output of the workflow and its name. Without any, the outputs are those of all
    /// nodes, under their ids.
    pub fn output(mut self, name: &str, from: &str) -> Self {
        match Origin::parse(from) {
            Some(origin) => self.outputs.push((name.to_owned(), origin)),
            None => {
                let pointer = output_pointer(name);
                self.unreadable.push(Mistake::BadPath {
                    path: from.to_owned(),
                    pointer,
                });
            }
        }
        self
    }

    /// Runs every node of a source in one transaction: when a node of the workflow fails, or the
    /// run is dropped, nothing that they did takes effect.
    ///
    /// What another transaction was in the way of (a deadlock, a failure to serialize) is run again, up
    /// to ten times with growing pauses: what handlers do elsewhere, such as sending a message, is done
    /// as often.
    ///
    /// Where the workflow is called inside a transaction already, it joins that one. Nodes of
    /// another source refuse to be called; other nodes, such as handlers, are called as ever.
    pub fn transactional(mut self, source: impl Source + 'static) -> Self {
        self.transactions = Some(Arc::new(source));
        self
    }

    /// Everything that [`build`](Self::build) would refuse.
    pub fn mistakes(&self) -> Vec<Mistake> {
        check(self)
    }

    /// Checks the workflow and makes it ready to run.
    ///
    /// # Errors
    ///
    /// Of kind [`Configuration`](dataflow_core::error::Kind::Configuration), with one fault for
    /// each [mistake](Mistake).
    pub fn build(self) -> Result<Workflow> {
        match self.mistakes().as_slice() {
            [] => Ok(Workflow::new(self)),
            mistakes => Err(mistake::refuse(mistakes)),
        }
    }

    pub(crate) fn feed(mut self, node: &str, input: &str, origin: Origin) -> Self {
        self.links.push(Link {
            node: node.to_owned(),
            input: input.to_owned(),
            origin,
        });
        self
    }

    /// The schema of an input, where its node declares it.
    pub(crate) fn input_schema(&self, link: &Link) -> Option<&Object> {
        self.find(&link.node)?
            .descriptor()
            .input()
            .properties()
            .find(|(name, _)| *name == link.input)
            .and_then(|(_, schema)| schema.as_object())
    }

    /// The first node with an id.
    pub(crate) fn find(&self, id: &str) -> Option<&Arc<dyn Node>> {
        self.nodes
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, node)| node)
    }
}

fn read_target(text: &str) -> Option<(&str, &str)> {
    let (node, input) = text.split_once('.')?;
    (!node.is_empty() && !input.is_empty() && !input.contains('.')).then_some((node, input))
}
