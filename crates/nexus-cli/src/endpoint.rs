//! What a server offers, read from its OpenAPI document.

use nexus::{Error, Kind, Result};
use serde_json::Value as Json;

use crate::client::Client;

/// The end of the operation id by which a workflow or handler is run.
const EXECUTE: &str = "_execute";

/// The OpenAPI document of a server.
pub(crate) struct Document(Json);

/// One method of one path.
pub(crate) struct Endpoint<'a> {
    pub(crate) method: String,
    pub(crate) path: &'a str,
    operation: &'a Json,
}

impl Document {
    /// Asks a server for it.
    ///
    /// # Errors
    ///
    /// Those of [`Client::send`].
    pub(crate) fn of(client: &Client) -> Result<Self> {
        client.send("GET", "/openapi.json", None).map(Self)
    }

    /// The endpoints that call an operation.
    pub(crate) fn endpoints(&self) -> impl Iterator<Item = Endpoint<'_>> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        let endpoints = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| Endpoint {
                method: method.to_ascii_uppercase(),
                path,
                operation,
            })
        });
        endpoints.filter(Endpoint::calls_an_operation)
    }

    /// The endpoint that calls an operation.
    ///
    /// # Errors
    ///
    /// When the server has none of that name.
    pub(crate) fn find(&self, name: &str) -> Result<Endpoint<'_>> {
        self.endpoints()
            .find(|endpoint| endpoint.name() == name)
            .ok_or_else(|| {
                let message = format!("the server has no route for an operation {name:?}");
                let known = self.endpoints().map(|endpoint| endpoint.name());
                Error::new(Kind::NotFound, message)
                    .with_help("`nexus list` prints those there are")
                    .with_closest(name, known)
            })
    }

    /// A schema, where it stands in place or by reference.
    pub(crate) fn schema<'a>(&'a self, schema: &'a Json) -> &'a Json {
        let referred = schema["$ref"].as_str();
        let pointer = referred.and_then(|reference| reference.strip_prefix('#'));
        pointer
            .and_then(|pointer| self.0.pointer(pointer))
            .unwrap_or(schema)
    }
}

impl<'a> Endpoint<'a> {
    /// The name of the operation that it calls.
    pub(crate) fn name(&self) -> &'a str {
        let id = self.operation["operationId"].as_str().unwrap_or_default();
        if self.runs_a_workflow() {
            return id.strip_suffix(EXECUTE).unwrap_or(id);
        }
        id
    }

    pub(crate) fn summary(&self) -> &'a str {
        self.operation["summary"].as_str().unwrap_or_default()
    }

    /// Whether its body is `{"inputs": …}`.
    pub(crate) fn runs_a_workflow(&self) -> bool {
        self.path.starts_with("/workflows/") && self.method == "POST"
    }

    /// The schema of its body, if it takes one; that of one row where it takes one or many.
    pub(crate) fn body<'b>(&'b self, document: &'b Document) -> Option<&'b Json> {
        let content = &self.operation["requestBody"]["content"]["application/json"];
        let schema = document.schema(content.get("schema")?);
        let one = schema["oneOf"].get(0).unwrap_or(schema);
        let body = document.schema(one);
        match self.runs_a_workflow() {
            true => Some(&body["properties"]["inputs"]),
            false => Some(body),
        }
    }

    fn calls_an_operation(&self) -> bool {
        self.path.starts_with("/api/") || self.runs_a_workflow()
    }
}
