//! One tool per operation.

use std::sync::Arc;

use dataflow_core::node::ModelVerb;
use nexus_core::Operation;
use rmcp::model::{Tool, ToolAnnotations};

use crate::output::Output;

/// The tool of an operation: its name, what it says, takes and gives, and what it does to data.
pub(crate) fn tool(operation: &Operation) -> Tool {
    let descriptor = operation.descriptor();
    let input_schema = Arc::new(descriptor.input().schema().clone());
    let output_schema = Output::of(operation).schema(descriptor.output());
    let mut tool = Tool::new(
        descriptor.name().to_owned(),
        descriptor.description().to_owned(),
        input_schema,
    )
    .with_title(title(descriptor.name()))
    .with_raw_output_schema(Arc::new(output_schema));
    tool.annotations = operation.model().map(|(_, verb)| annotations(verb));
    tool
}

/// `user_bulk_create` becomes `User bulk create`.
fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// What a verb does to data. Nobody knows that of a workflow or handler, and a client then assumes
/// the worst, as it should.
fn annotations(verb: ModelVerb) -> ToolAnnotations {
    ToolAnnotations::new()
        .read_only(verb.is_read_only())
        .destructive(verb.is_destructive())
        .idempotent(verb.is_idempotent())
        .open_world(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_name_in_words() {
        assert_eq!(title("user_bulk_create"), "User bulk create");
        assert_eq!(title("onboard"), "Onboard");
    }
}
