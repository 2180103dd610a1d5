//! The routes of the HTTP door, for people.

use axum::http::Method;

use super::Endpoint;
use crate::Registry;

/// One method of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces: `/api/users/{id}`.
    pub path: String,
}

/// Every route of a registry, in the order of the OpenAPI document.
pub fn routes(registry: &Registry) -> Vec<Route> {
    let route = |endpoint: Endpoint| Route {
        method: endpoint.method,
        path: endpoint.path,
    };
    Endpoint::all(registry).into_iter().map(route).collect()
}
