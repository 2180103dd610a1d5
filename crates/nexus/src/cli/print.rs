//! What the command line prints.

use std::io::Write as _;

use dataflow_core::node::Answer;
use nexus_core::{Operation, Registry};

/// The routes of the HTTP door, a line each.
pub(super) fn routes(registry: &Registry) {
    let routes = nexus_core::http::routes(registry).into_iter();
    lines(routes.map(|route| format!("{:<7} {}", route.method.as_str(), route.path)));
}

/// The operations, a line each: the name and what it takes; what may be left out stands in brackets.
pub(super) fn operations(registry: &Registry) {
    lines(registry.operations().map(usage));
}

/// What an operation gave, as JSON.
pub(super) fn answer(answer: Answer) {
    lines([format!("{:#}", answer.body.into_value())]);
}

fn usage(operation: &Operation) -> String {
    let input = operation.descriptor().input();
    let required = input.required_names();
    let inputs = input.properties().map(|(name, _)| {
        if required.contains(&name) {
            format!(" {name}")
        } else {
            format!(" [{name}]")
        }
    });
    std::iter::once(operation.name().to_owned())
        .chain(inputs)
        .collect()
}

/// Prints until nobody reads any more, as when the output goes into `head`.
fn lines(lines: impl IntoIterator<Item = String>) {
    let mut output = std::io::stdout().lock();
    for line in lines {
        if writeln!(output, "{line}").is_err() {
            break;
        }
    }
}
