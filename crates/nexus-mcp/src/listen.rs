//! Clients that listen: they are told which of the resources they named are others by now.
//!
//! ```text
//! subscriptions/listen ─→ acknowledged: the URIs that can be listened to
//!                      ─→ updated, once for each: what was before is seen by reading now
//! a change of a row ────→ updated, for each resource it belongs to
//! ```
//!
//! Each listener goes through the feed of each database by itself, so that it hears of what other
//! processes write as well; of rows that belong to a tenant, those of its own. Whose they are is not
//! known yet when resources are acknowledged: a caller that names no tenant is refused after it. A request is all that there is of a session: when its stream is closed,
//! nothing is left of it.

use std::time::Duration;

use dataflow_core::error::Result;
use dataflow_core::feed::RowChange;
use dataflow_core::node::{ChangeStream, Context};
use futures_util::future;
use nexus_core::{Dispatch, Registry, Shutdown};
use rmcp::ErrorData;
use rmcp::model::{ErrorCode, SubscriptionFilter};
use rmcp::service::{SubscriptionContext, SubscriptionSink};
use tokio::sync::Semaphore;

use crate::call::context_of;
use crate::failure;
use crate::resource::{Watched, follows};

/// How many listen at a time. Each costs the database two small queries a second.
const MOST_LISTENERS: usize = 256;

/// How many resources one of them names. Those beyond are not acknowledged.
const MOST_RESOURCES: usize = 100;

/// How long changes are gathered, so that a bulk of rows is not told row by row.
const GATHERING: Duration = Duration::from_millis(20);

/// An error that the protocol has no code for.
const SERVER_ERROR: ErrorCode = ErrorCode(-32000);

/// Those that listen.
pub(crate) struct Listeners {
    places: Semaphore,
    shutdown: Option<Shutdown>,
}

/// Whether any rows are followed, so that there is something to listen to.
pub(crate) fn is_offered(registry: &Registry) -> bool {
    let mut sources = registry.sources().iter();
    sources.any(|source| !source.followed_models().is_empty())
}

/// Which of the resources that a client names it can listen to.
pub(crate) fn accepted(registry: &Registry, requested: &SubscriptionFilter) -> SubscriptionFilter {
    let uris = requested.resource_subscriptions.iter().flatten();
    let accepted = uris.filter(|uri| Watched::of(registry, uri).is_some());
    SubscriptionFilter::builder()
        .resource_subscriptions(accepted.take(MOST_RESOURCES).cloned())
        .build()
}

impl Listeners {
    pub(crate) fn new(shutdown: Option<Shutdown>) -> Self {
        Self {
            places: Semaphore::new(MOST_LISTENERS),
            shutdown,
        }
    }

    /// Tells a client of changes, until it hangs up or the server stops.
    ///
    /// # Errors
    ///
    /// When too many listen, when a database cannot be followed, and when rows of tenants are among
    /// what is listened to and the caller names none.
    pub(crate) async fn listen(
        &self,
        dispatch: &Dispatch,
        context: SubscriptionContext,
    ) -> Result<(), ErrorData> {
        let _place = self.places.try_acquire().map_err(|_| {
            let message = format!("{MOST_LISTENERS} clients listen already; try again later");
            ErrorData::new(SERVER_ERROR, message, None)
        })?;
        let uris = context.accepted().resource_subscriptions.iter().flatten();
        let watched = uris.filter_map(|uri| Watched::of(dispatch.registry(), uri));
        let behalf = context_of(context.request_context());
        let followed = followed(dispatch.registry(), &behalf, watched.collect()).await?;
        let told = followed
            .into_iter()
            .map(|(changes, watched)| tell(context.sink(), changes, watched));
        let hears = async {
            // Whoever named nothing that can change hears nothing.
            if future::join_all(told).await.is_empty() {
                future::pending().await
            }
        };
        let stops = async {
            match &self.shutdown {
                Some(shutdown) => shutdown.begun().await,
                None => future::pending().await,
            }
        };
        tokio::select! {
            () = context.cancelled() => {}
            () = stops => {}
            () = hears => {}
        }
        Ok(())
    }
}

/// The changes of each database from now on, with the resources that are made of its rows.
async fn followed(
    registry: &Registry,
    context: &Context,
    watched: Vec<Watched>,
) -> Result<Vec<(Box<dyn ChangeStream>, Vec<Watched>)>, ErrorData> {
    let (mut followed, mut rest) = (Vec::new(), watched);
    for source in registry.sources() {
        let is_its = |watched: &mut Watched| follows(&**source, &watched.model);
        let its: Vec<Watched> = rest.extract_if(.., is_its).collect();
        if its.is_empty() {
            continue;
        }
        let mut models: Vec<String> = its.iter().map(|watched| watched.model.clone()).collect();
        models.sort_unstable();
        models.dedup();
        let changes = source.changes(context, &models, None).await;
        followed.push((
            changes.map_err(|error| failure::resource_error(&error))?,
            its,
        ));
    }
    Ok(followed)
}

/// Tells of changes until nobody listens any more.
async fn tell(sink: &SubscriptionSink, mut changes: Box<dyn ChangeStream>, watched: Vec<Watched>) {
    let mut is_changed = vec![true; watched.len()];
    loop {
        for (watched, is_changed) in watched.iter().zip(&mut is_changed) {
            let told = match std::mem::take(is_changed) {
                true => sink.notify_resource_updated(&*watched.uri).await,
                false => Ok(()),
            };
            if told.is_err() {
                return;
            }
        }
        gather(&mut *changes, &watched, &mut is_changed).await;
    }
}

/// Waits for a change, and for those that come right after it.
async fn gather(changes: &mut dyn ChangeStream, watched: &[Watched], is_changed: &mut [bool]) {
    let mut note = |change: Result<RowChange>| match change {
        Ok(change) => {
            for (watched, is_changed) in watched.iter().zip(&mut *is_changed) {
                *is_changed |= watched.is_changed_by(&change);
            }
        }
        // What is no longer kept may have been about any of them.
        Err(error) if error.is_gone() => is_changed.fill(true),
        Err(error) => tracing::warn!("changes cannot be read: {error}"),
    };
    note(changes.next().await);
    let mut over = std::pin::pin!(tokio::time::sleep(GATHERING));
    loop {
        tokio::select! {
            () = &mut over => return,
            change = changes.next() => note(change),
        }
    }
}
