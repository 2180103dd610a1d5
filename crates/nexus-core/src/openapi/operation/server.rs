//! What operators and clients ask of the server itself.

use serde_json::{Value as Json, json};

use super::of_server;
use crate::openapi::{parameter, responses};

pub(super) fn live(path: &str) -> Json {
    let lives = responses::json_body("200", "It does.", status());
    of_probe("live", path, "Whether the process lives.", lives)
}

pub(super) fn ready(path: &str) -> Json {
    let is_ready = responses::json_body("200", "They would.", status());
    of_probe("ready", path, "Whether calls would be answered.", is_ready)
}

pub(super) fn metrics() -> Json {
    let series = responses::body_of("200", "All series.", "text/plain");
    let summary = "Series in the text format of Prometheus.";
    of_server("metrics", summary, series)
}

pub(super) fn changes() -> Json {
    let events = responses::body_of("200", "A change after another.", "text/event-stream");
    let summary = "What is done to rows, as server-sent events without an end.";
    let mut changes = of_server("changes", summary, events);
    changes["parameters"] = parameter::of_changes();
    changes
}

pub(super) fn openapi() -> Json {
    let document = responses::json_body("200", "The document.", json!({"type": "object"}));
    of_server("openapi", "This document.", document)
}

pub(super) fn docs() -> Json {
    let page = responses::body_of("200", "The page.", "text/html");
    of_server(
        "docs",
        "This document as a page, with a form for each operation.",
        page,
    )
}

/// Two paths lead to each probe, and an operation id stands for one of them: the other is called
/// after its path.
fn of_probe(operation_id: &str, path: &str, summary: &str, responses: Json) -> Json {
    let operation_id = match path.ends_with('z') {
        true => &path[1..],
        false => operation_id,
    };
    of_server(operation_id, summary, responses)
}

fn status() -> Json {
    json!({"type": "object", "properties": {"status": {"type": "string"}}})
}
