//! Whether the process lives, and whether it can answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::Response;
use dataflow_core::error::{Error, Kind};
use futures_util::future::try_join_all;
use tokio::sync::Mutex;

use super::response;
use crate::Dispatch;
use crate::http::Problem;

/// How long one answer of the sources stands for all who ask, so that probes, however many, cost
/// one check a second.
const FRESH: Duration = Duration::from_secs(1);

/// How long a source may take to say that it is ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process lives: it answered.
pub(super) async fn live() -> Response {
    response::json(StatusCode::OK, r#"{"status":"ok"}"#)
}

/// Whether calls would be answered.
pub(super) struct Readiness {
    dispatch: Dispatch,
    last: Mutex<Option<(Instant, Result<(), Problem>)>>,
}

impl Readiness {
    pub(super) fn new(dispatch: Dispatch) -> Arc<Self> {
        Arc::new(Self {
            dispatch,
            last: Mutex::default(),
        })
    }

    pub(super) async fn ready(self: Arc<Self>) -> Result<Response, Problem> {
        if !self.dispatch.is_open() {
            return Err(Error::new(Kind::Unavailable, "the schema is not ready yet").into());
        }
        // Those who ask while a check runs wait for its answer.
        let mut last = self.last.lock().await;
        let outcome = match &*last {
            Some((checked, outcome)) if checked.elapsed() < FRESH => outcome.clone(),
            _ => {
                let outcome = self.check().await;
                *last = Some((Instant::now(), outcome.clone()));
                outcome
            }
        };
        outcome.map(|()| response::json(StatusCode::OK, r#"{"status":"ready"}"#))
    }

    async fn check(&self) -> Result<(), Problem> {
        let sources = self.dispatch.registry().sources();
        let checks = try_join_all(sources.iter().map(|source| source.check()));
        match tokio::time::timeout(PATIENCE, checks).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                tracing::warn!("not ready: {error:?}");
                Err(not_ready("a database is not ready"))
            }
            Err(_) => Err(not_ready("a database does not answer")),
        }
    }
}

fn not_ready(detail: &'static str) -> Problem {
    Error::new(Kind::Unavailable, detail).into()
}
