//! What a workflow takes and gives as a whole, from what its nodes take and give.

use dataflow_core::node::{Object, Shape};

use crate::binding::{Declared, Origin, Path};
use crate::builder::{Link, WorkflowBuilder};

/// An object with a member for each workflow input that feeds a node.
pub(crate) fn inputs(builder: &WorkflowBuilder) -> Shape {
    let wishes: Vec<Wish<'_>> = builder
        .links
        .iter()
        .filter_map(|link| wish(builder, link))
        .collect();
    object_of(&wishes)
}

/// An object with a member for each chosen output, or for each node when none is chosen.
pub(crate) fn outputs(builder: &WorkflowBuilder, inputs: &Shape) -> Shape {
    if builder.outputs.is_empty() {
        return builder
            .nodes
            .iter()
            .fold(Shape::object(), |shape, (id, node)| {
                shape.required(id, node.descriptor().output().clone())
            });
    }
    builder
        .outputs
        .iter()
        .fold(Shape::object(), |shape, (name, origin)| match origin {
            Origin::Constant(_) => shape.required(name, Shape::any()),
            Origin::Input(path) => shape.optional(name, part(inputs, path)),
            Origin::Output { node, path } => {
                let whole = builder.find(node).map(|node| node.descriptor().output());
                shape.required(
                    name,
                    whole.map_or_else(Shape::any, |whole| part(whole, path)),
                )
            }
        })
}

/// Whether the node cannot do without what the link feeds.
pub(crate) fn is_required(builder: &WorkflowBuilder, link: &Link) -> bool {
    let node = builder.find(&link.node);
    node.is_some_and(|node| {
        node.descriptor()
            .input()
            .required_names()
            .contains(&link.input.as_str())
    })
}

/// A part of the workflow's inputs that a node wants.
#[derive(Clone, Copy)]
struct Wish<'a> {
    path: &'a [String],
    schema: Option<&'a Object>,
    required: bool,
}

fn wish<'a>(builder: &'a WorkflowBuilder, link: &'a Link) -> Option<Wish<'a>> {
    let Origin::Input(path) = &link.origin else {
        return None;
    };
    Some(Wish {
        path: path.segments(),
        schema: builder.input_schema(link),
        required: is_required(builder, link),
    })
}

fn object_of(wishes: &[Wish<'_>]) -> Shape {
    let mut shape = Shape::object();
    for (at, wish) in wishes.iter().enumerate() {
        let Some(name) = wish.path.first() else {
            continue;
        };
        let is_same = |other: &&Wish<'_>| other.path.first() == Some(name);
        if wishes[..at].iter().any(|other| is_same(&other)) {
            continue;
        }
        let same: Vec<&Wish<'_>> = wishes[at..].iter().filter(is_same).collect();
        let member = match same.iter().find(|wish| wish.path.len() == 1) {
            Some(whole) => whole
                .schema
                .cloned()
                .map_or_else(Shape::any, Shape::from_schema),
            None => {
                let parts: Vec<Wish<'_>> = same
                    .iter()
                    .map(|wish| Wish {
                        path: &wish.path[1..],
                        ..**wish
                    })
                    .collect();
                object_of(&parts)
            }
        };
        shape = match same.iter().any(|wish| wish.required) {
            true => shape.required(name, member),
            false => shape.optional(name, member),
        };
    }
    shape
}

fn part(whole: &Shape, path: &Path) -> Shape {
    match path.find_schema(whole.schema()) {
        Declared::As(schema) => Shape::from_schema(schema.clone()),
        Declared::Open | Declared::Never { .. } => Shape::any(),
    }
}
