//! The rules of a workflow, one function each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dataflow_core::error::closest;
use dataflow_core::node::{Node, Shape};
use serde_json::Value as Json;

use crate::binding::{Declared, INPUTS, Origin, Path};
use crate::builder::{Link, WorkflowBuilder};
use crate::circle::circles;
use crate::interface;
use crate::mistake::{Mistake, input_pointer, node_pointer, output_pointer};
use crate::transaction;

const RULES: [fn(&WorkflowBuilder) -> Vec<Mistake>; 14] = [
    paths_can_be_read,
    there_is_a_node,
    ids_are_plain_words,
    ids_are_unique,
    links_lead_to_inputs_of_nodes,
    paths_lead_to_what_is_declared,
    inputs_are_fed_once,
    required_inputs_are_fed,
    constants_fit_their_inputs,
    types_agree,
    workflow_inputs_mean_one_thing,
    outputs_are_unique,
    no_node_waits_for_itself,
    nodes_are_of_the_transaction,
];

/// Every mistake of a workflow, by rule.
pub(crate) fn check(builder: &WorkflowBuilder) -> Vec<Mistake> {
    RULES.iter().flat_map(|rule| rule(builder)).collect()
}

fn paths_can_be_read(builder: &WorkflowBuilder) -> Vec<Mistake> {
    builder.unreadable.clone()
}

fn there_is_a_node(builder: &WorkflowBuilder) -> Vec<Mistake> {
    builder
        .nodes
        .is_empty()
        .then_some(Mistake::Empty)
        .into_iter()
        .collect()
}

fn ids_are_plain_words(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let ids = builder.nodes.iter().map(|(id, _)| id);
    ids.filter(|id| id.is_empty() || id.contains('.') || *id == INPUTS)
        .map(|id| Mistake::BadId { id: id.clone() })
        .collect()
}

fn ids_are_unique(builder: &WorkflowBuilder) -> Vec<Mistake> {
    repeated(builder.nodes.iter().map(|(id, _)| id))
        .map(|id| Mistake::DuplicateId { id: id.clone() })
        .collect()
}

fn links_lead_to_inputs_of_nodes(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let mistake = |link: &Link| {
        let Some(node) = builder.find(&link.node) else {
            return Some(unknown_node(builder, &link.node, node_pointer(&link.node)));
        };
        let shape = node.descriptor().input();
        let is_known = shape.is_open() || shape.has_property(&link.input);
        (!is_known).then(|| Mistake::UnknownInput {
            node: link.node.clone(),
            input: link.input.clone(),
            closest: meant(&link.input, shape.properties().map(|(name, _)| name)),
        })
    };
    builder.links.iter().filter_map(mistake).collect()
}

fn paths_lead_to_what_is_declared(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let inputs = interface::inputs(builder);
    // A link from a workflow input declares that input; an output can only repeat it.
    let feeds = builder
        .links
        .iter()
        .filter(|link| !matches!(link.origin, Origin::Input(_)));
    let feeds = feeds.map(|link| (&link.origin, input_pointer(&link.node, &link.input)));
    let outputs = builder
        .outputs
        .iter()
        .map(|(name, origin)| (origin, output_pointer(name)));
    let mistake = |(origin, pointer): (&Origin, String)| {
        let (shape, path) = match origin {
            Origin::Constant(_) => return None,
            Origin::Input(path) => (&inputs, path),
            Origin::Output { node, path } => match builder.find(node) {
                Some(found) => (found.descriptor().output(), path),
                None => return Some(unknown_node(builder, node, pointer)),
            },
        };
        let Declared::Never { segment, names } = path.find_schema(shape.schema()) else {
            return None;
        };
        Some(Mistake::UnknownOutput {
            path: origin.to_string(),
            closest: meant(segment, names.into_iter()),
            pointer,
        })
    };
    feeds.chain(outputs).filter_map(mistake).collect()
}

fn inputs_are_fed_once(builder: &WorkflowBuilder) -> Vec<Mistake> {
    repeated(builder.links.iter().map(|link| (&link.node, &link.input)))
        .map(|(node, input)| Mistake::FedTwice {
            node: node.clone(),
            input: input.clone(),
        })
        .collect()
}

fn required_inputs_are_fed(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let fed: HashSet<_> = builder
        .links
        .iter()
        .map(|link| (link.node.as_str(), link.input.as_str()))
        .collect();
    let mut mistakes = Vec::new();
    for (id, node) in &builder.nodes {
        for input in node.descriptor().input().required_names() {
            if !fed.contains(&(id.as_str(), input)) {
                mistakes.push(Mistake::MissingInput {
                    node: id.clone(),
                    input: input.to_owned(),
                });
            }
        }
    }
    mistakes
}

fn constants_fit_their_inputs(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let mistake = |link: &Link| {
        let Origin::Constant(value) = &link.origin else {
            return None;
        };
        if value.is_null() && !interface::is_required(builder, link) {
            return None;
        }
        let shape = Shape::from_schema(builder.input_schema(link)?.clone());
        let fault = shape.faults(value).into_iter().next()?;
        let detail = match fault.pointer.as_str() {
            "" => fault.detail.into_owned(),
            _ => format!("{}: {}", fault.subject(), fault.detail),
        };
        Some(Mistake::RefusedConstant {
            node: link.node.clone(),
            input: link.input.clone(),
            detail,
        })
    };
    builder.links.iter().filter_map(mistake).collect()
}

fn types_agree(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let mistake = |link: &Link| {
        let Origin::Output { node, path } = &link.origin else {
            return None;
        };
        let source = builder.find(node)?;
        let Declared::As(schema) = path.find_schema(source.descriptor().output().schema()) else {
            return None;
        };
        let found = schema.get("type")?.as_str()?;
        let wanted = builder.input_schema(link)?.get("type")?.as_str()?;
        let agrees = found == wanted || (found, wanted) == ("integer", "number");
        (!agrees).then(|| Mistake::OtherType {
            node: link.node.clone(),
            input: link.input.clone(),
            path: link.origin.to_string(),
            found: found.to_owned(),
            wanted: wanted.to_owned(),
        })
    };
    builder.links.iter().filter_map(mistake).collect()
}

fn workflow_inputs_mean_one_thing(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let mut seen: Vec<(&Path, Option<&Json>)> = Vec::new();
    let mut mistakes = Vec::new();
    for link in &builder.links {
        let Origin::Input(path) = &link.origin else {
            continue;
        };
        let wanted = builder
            .input_schema(link)
            .and_then(|schema| schema.get("type"));
        let disagrees = |(earlier, other): &(&Path, Option<&Json>)| {
            let (here, there) = (path.segments(), earlier.segments());
            match here == there {
                true => wanted.is_some() && other.is_some() && wanted != *other,
                false => here.starts_with(there) || there.starts_with(here),
            }
        };
        if seen.iter().any(disagrees) {
            mistakes.push(Mistake::Ambiguous {
                path: link.origin.to_string(),
                node: link.node.clone(),
                input: link.input.clone(),
            });
        }
        seen.push((path, wanted));
    }
    mistakes
}

fn outputs_are_unique(builder: &WorkflowBuilder) -> Vec<Mistake> {
    repeated(builder.outputs.iter().map(|(name, _)| name))
        .map(|name| Mistake::DuplicateOutput { name: name.clone() })
        .collect()
}

fn no_node_waits_for_itself(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let index: HashMap<&str, usize> = builder
        .nodes
        .iter()
        .enumerate()
        .rev()
        .map(|(at, (id, _))| (id.as_str(), at))
        .collect();
    let mut children = vec![Vec::new(); builder.nodes.len()];
    let mut mistakes = Vec::new();
    for link in &builder.links {
        let Origin::Output { node: from, .. } = &link.origin else {
            continue;
        };
        match (index.get(from.as_str()), index.get(link.node.as_str())) {
            (Some(from), Some(to)) if from == to => mistakes.push(Mistake::SelfConnection {
                node: link.node.clone(),
                input: link.input.clone(),
            }),
            (Some(from), Some(to)) => children[*from].push(*to),
            _ => {}
        }
    }
    let name = |at: usize| builder.nodes[at].0.clone();
    mistakes.extend(
        circles(&children)
            .into_iter()
            .map(|circle| Mistake::Circle {
                nodes: circle.into_iter().map(name).collect(),
            }),
    );
    mistakes
}

fn nodes_are_of_the_transaction(builder: &WorkflowBuilder) -> Vec<Mistake> {
    let Some(source) = &builder.transactions else {
        return Vec::new();
    };
    let own = transaction::names_of(&**source);
    let mistake = |(id, node): &(String, Arc<dyn Node>)| {
        let of_models = transaction::of_models(node);
        let name = of_models.into_iter().find(|name| !own.contains(name))?;
        Some(Mistake::OtherSource {
            id: id.clone(),
            name,
        })
    };
    builder.nodes.iter().filter_map(mistake).collect()
}

fn unknown_node(builder: &WorkflowBuilder, id: &str, pointer: String) -> Mistake {
    let closest = meant(id, builder.nodes.iter().map(|(known, _)| known.as_str()));
    Mistake::UnknownNode {
        id: id.to_owned(),
        closest,
        pointer,
    }
}

fn meant<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    closest(written, names).map(str::to_owned)
}

/// What comes more than once, each named once.
fn repeated<T: std::hash::Hash + Eq + Copy>(
    all: impl Iterator<Item = T>,
) -> impl Iterator<Item = T> {
    let mut count = HashMap::new();
    all.filter(move |one| {
        let times = count.entry(*one).or_insert(0);
        *times += 1;
        *times == 2
    })
}
