//! How a connection comes into somebody's hands: a permit, then one that rests or a new one.

use std::sync::Arc;

use dataflow_core::Result;
use tokio::runtime::Handle;

use super::Lease;
use crate::pool::postgres::session::Session;
use crate::pool::postgres::shared::{Shared, current_runtime};

impl Lease {
    /// Takes the connection that was used last, or opens one.
    pub(in crate::pool::postgres) async fn acquire(shared: &Arc<Shared>) -> Result<Self> {
        let runtime = current_runtime()?;
        let permit = Permit::take(shared).await?;
        if let Some(session) = shared.take_warm(&runtime) {
            return Ok(Self::new(permit, session));
        }
        // Its future is large, and hardly any lease needs it.
        Box::pin(Self::acquire_known(permit, runtime)).await
    }

    /// The same where a connection has to be asked something first.
    async fn acquire_known(permit: Permit, runtime: Handle) -> Result<Self> {
        let shared = permit.0.clone();
        let Shared {
            endpoint, settings, ..
        } = &*shared;
        let mut lease = Self::acquire_alive(permit, runtime).await?;
        let mut known = lease.session().know_process(endpoint, settings).await;
        if known.is_err() && !lease.is_new() {
            lease.discard();
            lease = Self::acquire_first(&shared).await?;
            known = lease.session().know_process(endpoint, settings).await;
        }
        match known {
            Ok(()) => Ok(lease),
            Err(error) => {
                lease.discard();
                Err(error)
            }
        }
    }

    /// The same for the first words of a connection, which are
    /// [`recorded`](Lease::recorded) or none at all.
    pub(in crate::pool::postgres) async fn acquire_first(shared: &Arc<Shared>) -> Result<Self> {
        let runtime = current_runtime()?;
        let permit = Permit::take(shared).await?;
        Self::acquire_alive(permit, runtime).await
    }

    async fn acquire_alive(permit: Permit, runtime: Handle) -> Result<Self> {
        let shared = &permit.0;
        while let Some(mut session) = shared.take_idle(&runtime) {
            if session.is_expired() {
                continue;
            }
            if session.is_alive(shared.settings.trusted_for).await {
                return Ok(Self::new(permit, session));
            }
            // Whatever cut this one off is likely to have cut off all that rest.
            shared.forget_idle();
        }
        let session = Box::pin(shared.open(runtime)).await?;
        let mut lease = Self::new(permit, session);
        lease.is_new = true;
        Ok(lease)
    }

    fn new(permit: Permit, session: Session) -> Self {
        Self {
            shared: permit.0.clone(),
            permit: Some(permit),
            session: Some(session),
            is_new: false,
            tenant: None,
            statement_timeout: None,
            in_transaction: false,
            is_streaming: false,
        }
    }
}

/// The right to one of the connections. Dropping it passes it on.
pub(super) struct Permit(Arc<Shared>);

impl Permit {
    /// Takes one, in turn.
    async fn take(shared: &Arc<Shared>) -> Result<Self> {
        if !shared.take_free_permit() {
            Box::pin(shared.wait_for_permit()).await?;
        }
        Ok(Self(shared.clone()))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.return_permit();
    }
}
