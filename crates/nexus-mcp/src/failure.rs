//! An error, as a model reads it and as a program does.

use dataflow_core::error::{Error, Kind};
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, MetaObject};
use serde_json::{Value as Json, json};

/// Where the structured form stands in a result's `_meta`. It cannot stand in `structuredContent`:
/// the TypeScript client holds that against the tool's output schema even when the call failed, and
/// then shows its own complaint instead of this message.
const META_KEY: &str = "nexus/error";

/// All that a client is told of a fault of this process, as at the HTTP door.
const OF_THIS_PROCESS: &str = "the server is at fault; its log says more";

/// The result of a call that failed: text that says what to do next.
pub(crate) fn tool_result(error: &Error) -> CallToolResult {
    let mut meta = MetaObject::new();
    meta.insert(META_KEY.to_owned(), structured(error));
    CallToolResult::error(vec![ContentBlock::text(text(error))]).with_meta(Some(meta))
}

/// The protocol error of a resource that cannot be read.
pub(crate) fn resource_error(error: &Error) -> ErrorData {
    let message = text(error);
    let data = Some(structured(error));
    match error.kind() {
        Kind::NotFound => ErrorData::resource_not_found(message, data),
        Kind::Malformed | Kind::Invalid => ErrorData::invalid_params(message, data),
        _ => ErrorData::internal_error(message, data),
    }
}

/// The message, each field at fault, and the way out, a line each.
fn text(error: &Error) -> String {
    if error.kind().is_of_this_process() {
        return OF_THIS_PROCESS.to_owned();
    }
    let mut text = error.message().to_owned();
    if let [_, _, ..] = error.faults() {
        for fault in error.faults() {
            text.push_str(&format!("\n- {}: {}", fault.subject(), fault.detail));
        }
    }
    for detail in error.details() {
        text.push_str(&format!("\n- {detail}"));
    }
    if let Some(help) = error.help() {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}

fn structured(error: &Error) -> Json {
    if error.kind().is_of_this_process() {
        return json!({
            "code": code(error.kind()),
            "catalogue": error.code().to_string(),
            "message": OF_THIS_PROCESS,
        });
    }
    json!({
        "code": code(error.kind()),
        "catalogue": error.code().to_string(),
        "message": error.message(),
        "help": error.help(),
        "errors": error.faults(),
    })
}

/// The stable word of each kind.
fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Configuration => "configuration",
        Kind::Schema => "schema",
        Kind::Malformed => "malformed",
        Kind::Invalid => "invalid",
        Kind::NotFound => "not_found",
        Kind::Unique => "unique",
        Kind::ForeignKey => "foreign_key",
        Kind::Precondition => "precondition",
        Kind::Gone => "gone",
        Kind::Contention => "contention",
        Kind::Forbidden => "forbidden",
        Kind::Unavailable => "unavailable",
        Kind::Timeout => "timeout",
        Kind::Unsupported => "unsupported",
        _ => "internal",
    }
}

#[cfg(test)]
mod tests {
    use dataflow_core::error::{Fault, FaultCode};

    use super::*;

    #[test]
    fn every_field_at_fault_is_named_with_the_way_out() {
        let error = Error::invalid(vec![
            Fault::of_field("email", FaultCode::Required, "is required"),
            Fault::of_field("age", FaultCode::Type, "must be an integer"),
        ])
        .with_help("see the tool's input schema");

        let expected = "2 fields are refused\n- email: is required\n- age: must be an integer\n\
                        help: see the tool's input schema";
        assert_eq!(text(&error), expected);
    }

    #[test]
    fn what_is_wrong_inside_the_process_stays_in_its_log() {
        for kind in [Kind::Internal, Kind::Schema, Kind::Configuration] {
            let error = Error::new(kind, "no such table: hunter2")
                .with_help("hunter2")
                .with_details(vec!["hunter2".to_owned()]);
            let result = tool_result(&error);
            let resource = resource_error(&error);
            assert!(
                !format!("{result:?} {resource:?}").contains("hunter2"),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn a_single_fault_is_not_told_twice() {
        let fault = Fault::of_field("email", FaultCode::Required, "is required");
        assert_eq!(text(&Error::invalid(vec![fault])), "email: is required");
    }
}
