//! The REST door: what it answers to, as one router.

use axum::Router;

use super::changes::ChangesRoute;
use super::health::Readiness;
use super::router::Shared;
use super::service::Rest;
use crate::http::{PortRules, guarded};
use crate::metrics::Recorder;
use crate::openapi::Document;
use crate::{Channel, Dispatch};

/// The REST door: every model under `/api`, every workflow under `/workflows`, and what operators
/// ask for.
pub struct HttpChannel {
    rules: PortRules,
    recorder: Option<Recorder>,
    own_routes: Option<Router>,
}

impl HttpChannel {
    /// A door that keeps to some rules, or to that of its hosts alone, without `/metrics`.
    pub fn new(rules: impl Into<PortRules>) -> Self {
        Self {
            rules: rules.into(),
            recorder: None,
            own_routes: None,
        }
    }

    /// Serves `/metrics` from a recorder, and counts the requests of each route.
    #[must_use]
    pub fn recorder(mut self, recorder: Recorder) -> Self {
        self.recorder = Some(recorder);
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
            body_limit: self.rules.body_bytes,
            recorder: self.recorder.clone(),
            changes: ChangesRoute::new(dispatch.clone(), self.rules.shutdown.clone()),
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
