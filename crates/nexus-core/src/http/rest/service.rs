//! From a path to whoever answers it.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::routing::future::RouteFuture;
use percent_encoding::percent_decode_str;
use tower::Service;

use super::Endpoint;
use super::endpoint::ROWS;
use super::router::Shared;

/// All routes of the REST door.
///
/// A model is found by its table, and its router is made when the first request asks for it: a
/// server of a thousand models starts as fast as one of ten.
#[derive(Clone)]
pub(super) struct Rest {
    /// What belongs to no model.
    router: Router,
    models: Arc<Models>,
}

struct Models {
    shared: Shared,
    /// By the position of the model in the registry.
    routers: Box<[OnceLock<Router>]>,
}

impl Rest {
    pub(super) fn new(shared: Shared) -> Self {
        let registry = shared.dispatch.registry();
        let router = shared.router(&Endpoint::of_no_model(registry));
        let routers = registry.models().iter().map(|_| OnceLock::new()).collect();
        Self {
            router,
            models: Arc::new(Models { shared, routers }),
        }
    }
}

impl Models {
    fn router(&self, path: &str) -> Option<&Router> {
        let segment = path.strip_prefix(ROWS)?.split('/').next()?;
        let table = percent_decode_str(segment).decode_utf8().ok()?;
        let registry = self.shared.dispatch.registry();
        let position = registry.position_of_table(&table)?;
        let make = || {
            let model = &registry.models()[position];
            self.shared.router(&Endpoint::of_model(model))
        };
        Some(self.routers[position].get_or_init(make))
    }
}

impl Service<Request> for Rest {
    type Response = axum::response::Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.models.router(request.uri().path()) {
            Some(router) => router.clone().call(request),
            None => self.router.call(request),
        }
    }
}
