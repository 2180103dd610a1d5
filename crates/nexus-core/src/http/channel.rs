//! The REST door: what it answers to, as one router.

use axum::Router;
use axum::http::HeaderName;

use super::changes::ChangesRoute;
use super::health::Readiness;
use super::rest::Rest;
use super::routing::Shared;
use super::{HostRule, Limits, PortRules, guarded};
use crate::metrics::Recorder;
use crate::openapi::Document;
use crate::{Channel, Dispatch, Shutdown};

/// The REST door: every model under `/api`, every workflow under `/workflows`, and what operators
/// ask for.
pub struct HttpChannel {
    rules: PortRules,
    body_limit: usize,
    recorder: Option<Recorder>,
    shutdown: Option<Shutdown>,
    own_routes: Option<Router>,
}

impl HttpChannel {
    /// A door that answers to the hosts of a rule, with the default limits and without `/metrics`.
    pub fn new(host_rule: HostRule) -> Self {
        Self {
            rules: host_rule.into(),
            body_limit: Limits::default().body_bytes,
            recorder: None,
            shutdown: None,
            own_routes: None,
        }
    }

    /// Trusts a header to name the tenant on whose behalf a request calls.
    #[must_use]
    pub fn tenant_header(mut self, header: Option<HeaderName>) -> Self {
        self.rules.tenant_header = header;
        self
    }

    /// Takes bodies of at most so many bytes.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Serves `/metrics` from a recorder, and counts the requests of each route.
    #[must_use]
    pub fn recorder(mut self, recorder: Recorder) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Ends answers that have no end of their own when a shutdown begins.
    #[must_use]
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = Some(shutdown);
        self
    }

    /// Serves an application's own routes too, behind the same Host rule. Where both have a path,
    /// the application's answers.
    #[must_use]
    pub fn merge(mut self, own_routes: Router) -> Self {
        self.own_routes = Some(own_routes);
        self
    }
}

impl Channel for HttpChannel {
    fn name(&self) -> &'static str {
        "http"
    }

    fn router(&self, dispatch: Dispatch) -> Router {
        let rest = Rest::new(Shared {
            body_limit: self.body_limit,
            recorder: self.recorder.clone(),
            changes: ChangesRoute::new(dispatch.clone(), self.shutdown.clone()),
            readiness: Readiness::new(dispatch.clone()),
            document: Document::new(dispatch.clone(), self.recorder.is_some()),
            dispatch,
        });
        match &self.own_routes {
            Some(own_routes) => {
                let router = own_routes.clone().fallback_service(rest);
                guarded(router.with_state(()), self.rules.clone())
            }
            None => guarded(rest, self.rules.clone()),
        }
    }
}
