//! The OpenAPI document, made from the same list of endpoints as the router.

mod components;
mod operation;
mod parameter;
mod responses;
mod tag;

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use dataflow_core::node::Object;
use serde_json::{Value as Json, json};

use crate::Dispatch;
use crate::http::{Action, Endpoint};

/// The document, written when it is first asked for.
pub(crate) struct Document {
    dispatch: Dispatch,
    has_metrics: bool,
    written: OnceLock<Written>,
}

struct Written {
    text: Bytes,
    tag: HeaderValue,
}

impl Document {
    /// Without metrics or changes, a path that only tells how to get them is left out.
    pub(crate) fn new(dispatch: Dispatch, has_metrics: bool) -> Arc<Self> {
        Arc::new(Self {
            dispatch,
            has_metrics,
            written: OnceLock::new(),
        })
    }

    /// The document, or that the client's copy is still good.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let written = self.written.get_or_init(|| write(&self.endpoints()));
        let tag = (header::ETAG, written.tag.clone());
        let known = request.get_all(header::IF_NONE_MATCH).iter();
        let mut known = known
            .filter_map(|value| value.to_str().ok())
            .flat_map(|tags| tags.split(','));
        if known.any(|known| written.tag == known.trim() || known.trim() == "*") {
            return (StatusCode::NOT_MODIFIED, [tag]).into_response();
        }
        let media_type = (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        ([media_type, tag], written.text.clone()).into_response()
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        let mut endpoints = Endpoint::all(self.dispatch.registry());
        let sources = self.dispatch.registry().sources();
        let has_changes = sources
            .iter()
            .any(|source| !source.followed_models().is_empty());
        endpoints.retain(|endpoint| match endpoint.action {
            Action::Metrics => self.has_metrics,
            Action::Changes => has_changes,
            _ => true,
        });
        endpoints
    }
}

fn write(endpoints: &[Endpoint]) -> Written {
    let text = document(endpoints).to_string();
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    let tag = format!("\"{:016x}\"", hasher.finish());
    Written {
        text: text.into(),
        tag: HeaderValue::try_from(tag).expect("hexadecimal digits fit a header"),
    }
}

/// The document as a value.
fn document(endpoints: &[Endpoint]) -> Json {
    let mut paths = Object::new();
    for endpoint in endpoints {
        let methods = paths
            .entry(endpoint.path.clone())
            .or_insert_with(|| json!({}));
        let method = endpoint.method.as_str().to_ascii_lowercase();
        methods[method] = operation::describe(endpoint);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nexus",
            "description": "Models, workflows and handlers of this application.",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "tags": tag::all(endpoints),
        "paths": paths,
        "components": components::all(endpoints),
    })
}
