//! A connection in somebody's hands.

use std::sync::Arc;

use dataflow_core::Result;
use sqlx::{Executor, PgConnection};

use super::error::{self, Failure};
use super::recover::recover;
use super::session::Session;
use super::shared::{Shared, current_runtime};

/// A connection in somebody's hands, with the permit to use it.
///
/// It goes back only through [`give_back`](Lease::give_back). Dropped on the way, because its
/// future was, it is brought to rest by a task of its own, or closed.
pub(super) struct Lease {
    shared: Arc<Shared>,
    session: Option<Session>,
    is_new: bool,
    in_transaction: bool,
}

impl Lease {
    /// Takes the connection that was used last, or opens one.
    pub(super) async fn acquire(shared: &Arc<Shared>) -> Result<Self> {
        let runtime = current_runtime()?;
        shared.take_permit().await?;
        let mut lease = Self {
            shared: shared.clone(),
            session: None,
            is_new: false,
            in_transaction: false,
        };
        while let Some(mut session) = shared.take_idle(&runtime) {
            if session.is_expired() {
                continue;
            }
            if session.is_alive().await {
                lease.session = Some(session);
                return Ok(lease);
            }
            // Whatever cut this one off is likely to have cut off all that rest.
            shared.forget_idle();
        }
        lease.session = Some(shared.open(runtime).await?);
        lease.is_new = true;
        Ok(lease)
    }

    /// Whether it was opened for this lease.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        let session = self.session.as_mut();
        &mut session
            .expect("a lease has its session until it ends")
            .connection
    }

    pub(super) async fn begin(&mut self) -> Result<(), Failure> {
        self.in_transaction = true;
        self.say("BEGIN").await
    }

    pub(super) async fn commit(&mut self) -> Result<(), Failure> {
        self.say("COMMIT").await?;
        self.in_transaction = false;
        Ok(())
    }

    pub(super) async fn roll_back(&mut self) -> Result<(), Failure> {
        self.say("ROLLBACK").await?;
        self.in_transaction = false;
        Ok(())
    }

    async fn say(&mut self, sql: &'static str) -> Result<(), Failure> {
        let said = self.connection().execute(sqlx::raw_sql(sql)).await;
        said.map(drop).map_err(|fault| error::of(&fault))
    }

    /// Ends the lease as the outcome demands.
    pub(super) fn settle<T>(self, outcome: Result<T, Failure>) -> Result<T> {
        match outcome {
            Ok(value) => {
                self.give_back();
                Ok(value)
            }
            Err(failure) => {
                if failure.is_lost {
                    self.discard();
                } else {
                    self.give_back();
                }
                Err(failure.error)
            }
        }
    }

    /// Puts the connection back, to be used next.
    pub(super) fn give_back(mut self) {
        if self.in_transaction {
            // The drop rolls back.
            return;
        }
        if let Some(session) = self.session.take() {
            self.shared.put_idle(session);
        }
    }

    /// Closes a connection that is lost, and those that rest: they are likely lost as well.
    pub(super) fn discard(mut self) {
        self.session = None;
        self.shared.forget_idle();
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else {
            self.shared.return_permit();
            return;
        };
        // The permit stays with the connection until it rests. Should the runtime have ended, the
        // task is dropped instead of run, and the connection closed.
        let shared = self.shared.clone();
        let runtime = session.runtime.clone();
        let permit = Permit(shared.clone());
        let in_transaction = self.in_transaction;
        runtime.spawn(async move {
            if let Some(session) = recover(&shared, session, in_transaction).await {
                shared.put_idle(session);
            }
            drop(permit);
        });
    }
}

/// Returns a permit when it is dropped.
struct Permit(Arc<Shared>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.return_permit();
    }
}
