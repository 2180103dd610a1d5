//! A connection in somebody's hands.

mod acquire;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use dataflow_core::ddl::{Recall, Recorded};
use dataflow_core::{Result, Value};
use futures_util::FutureExt as _;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::error;
use super::options;
use super::recall;
use super::recover::recover;
use super::row_security;
use super::run::{self, Preparation};
use super::session::Session;
use super::shared::Shared;
use crate::pool::failure::Failure;
use crate::pool::terms::Terms;
use crate::pool::{Rows, Statement};
use crate::tenant::Tenant;
use acquire::Permit;

/// A connection in somebody's hands, with the permit to use it.
///
/// It goes back only through [`give_back`](Lease::give_back). Dropped on the way, because its
/// future was, it is brought to rest by a task of its own, or closed.
pub(in crate::pool) struct Lease {
    shared: Arc<Shared>,
    /// There until the lease ends.
    permit: Option<Permit>,
    session: Option<Session>,
    is_new: bool,
    /// For whom its transactions are, where the server minds that.
    pub(super) tenant: Option<Tenant>,
    /// How long a statement of its transactions may run, in the place of the setting.
    statement_timeout: Option<Duration>,
    in_transaction: bool,
    is_streaming: bool,
}

impl Lease {
    /// The lease under terms, which each transaction that it begins is told of.
    pub(super) fn under(mut self, terms: &Terms) -> Self {
        self.tenant = terms.tenant.clone();
        self.statement_timeout = terms.statement_timeout;
        self
    }

    /// Whether it was opened for this lease.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    pub(super) fn is_in_transaction(&self) -> bool {
        self.in_transaction
    }

    /// Whether the server is in the middle of a stream, where nothing else can be said to it.
    pub(super) fn is_streaming(&mut self, is_streaming: bool) {
        self.is_streaming = is_streaming;
    }

    /// Asks what was recorded when the tables were last brought to what the models need.
    pub(super) async fn recorded(&mut self, recall: &Recall) -> Result<Option<Recorded>, Failure> {
        let patience = self.patience();
        bounded(patience, recall::recorded(self.session(), recall)).await
    }

    pub(super) fn patience(&self) -> Duration {
        self.shared.patience(self.statement_timeout)
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.session().connection
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    fn session(&mut self) -> &mut Session {
        let session = self.session.as_mut();
        session.expect("a lease has its session until it ends")
    }

    /// Runs a statement, and gives what was collected of it.
    pub(in crate::pool) async fn run<C: Rows>(
        &mut self,
        statement: &Statement,
        values: &[Value],
        mut rows: C,
    ) -> Result<C::Output, Failure> {
        let written = self.collect(statement, values, &mut rows).await?;
        Ok(rows.finish(written))
    }

    /// Runs a statement, and answers how many rows it wrote.
    pub(super) async fn collect<C: Rows>(
        &mut self,
        statement: &Statement,
        values: &[Value],
        rows: &mut C,
    ) -> Result<u64, Failure> {
        if self.needs_transaction() {
            // Its future is large, and most statements need none.
            return Box::pin(self.collect_in_unit(statement, values, rows)).await;
        }
        self.collect_here(statement, values, rows).await
    }

    async fn collect_in_unit<C: Rows>(
        &mut self,
        statement: &Statement,
        values: &[Value],
        rows: &mut C,
    ) -> Result<u64, Failure> {
        let unit = self.enter().await?;
        let outcome = self.collect_here(statement, values, rows).await;
        self.close_unit(unit, outcome).await
    }

    async fn collect_here<C: Rows>(
        &mut self,
        statement: &Statement,
        values: &[Value],
        rows: &mut C,
    ) -> Result<u64, Failure> {
        let (patience, preparation) = (self.patience(), self.preparation());
        let running = run::run(self.connection(), statement, values, preparation, rows);
        bounded(patience, running).await
    }

    /// Whether a statement must be put into a transaction, because the server is to be told for whom
    /// it is or how long it may run, or a pooler may give each message to another process.
    pub(super) fn needs_transaction(&self) -> bool {
        let has_terms = self.tenant.is_some() || self.statement_timeout.is_some();
        !self.in_transaction && (has_terms || self.preparation() == Preparation::Once)
    }

    /// How long the server is to know a statement.
    pub(super) fn preparation(&self) -> Preparation {
        let session = self.session.as_ref();
        match session.and_then(|session| session.of_each_transaction.as_ref()) {
            None => Preparation::Kept,
            Some(_) => Preparation::Once,
        }
    }

    /// Begins a transaction with a statement of one's own.
    pub(super) async fn begin(&mut self, sql: &str) -> Result<(), Failure> {
        let of_tenant = self
            .tenant
            .as_ref()
            .map(row_security::setting)
            .transpose()?;
        let session = self.session.as_ref();
        let of_each = session.and_then(|session| session.of_each_transaction.as_deref());
        let of_limit = self.statement_timeout.map(options::of_statement_timeout);
        let settings = [of_each, of_limit.as_deref(), of_tenant.as_deref()];
        let mut begun = Cow::Borrowed(sql);
        for setting in settings.into_iter().flatten() {
            begun.to_mut().push_str("; ");
            begun.to_mut().push_str(setting);
        }
        self.in_transaction = true;
        self.say(&begun).await?;
        match of_tenant {
            Some(_) => self.warn_of_bypass().await,
            None => Ok(()),
        }
    }

    pub(in crate::pool) async fn commit(&mut self) -> Result<(), Failure> {
        self.end("COMMIT").await
    }

    pub(in crate::pool) async fn roll_back(&mut self) -> Result<(), Failure> {
        self.end("ROLLBACK").await
    }

    /// A commit that is refused has rolled back.
    async fn end(&mut self, sql: &'static str) -> Result<(), Failure> {
        let outcome = self.say(sql).await;
        self.in_transaction = outcome.as_ref().is_err_and(|failure| failure.is_lost);
        outcome
    }

    /// Begins what is kept or undone as a whole: a transaction, or a savepoint where there is one.
    pub(super) async fn enter(&mut self) -> Result<Unit, Failure> {
        if self.in_transaction {
            self.say("SAVEPOINT dataflow_unit").await?;
            return Ok(Unit::Savepoint);
        }
        self.begin("BEGIN").await?;
        Ok(Unit::Transaction)
    }

    pub(super) async fn keep(&mut self, unit: Unit) -> Result<(), Failure> {
        match unit {
            Unit::Transaction => self.commit().await,
            Unit::Savepoint => self.say("RELEASE SAVEPOINT dataflow_unit").await,
        }
    }

    pub(super) async fn undo(&mut self, unit: Unit) -> Result<(), Failure> {
        match unit {
            Unit::Transaction => self.roll_back().await,
            Unit::Savepoint => {
                let sql = "ROLLBACK TO SAVEPOINT dataflow_unit; RELEASE SAVEPOINT dataflow_unit";
                self.say(sql).await
            }
        }
    }

    /// Keeps or undoes a unit as the outcome demands.
    pub(super) async fn close_unit<T>(
        &mut self,
        unit: Unit,
        outcome: Result<T, Failure>,
    ) -> Result<T, Failure> {
        match &outcome {
            Ok(_) => self.keep(unit).await?,
            Err(failure) if failure.is_lost => {}
            Err(_) => self.undo(unit).await?,
        }
        outcome
    }

    /// Runs what neither takes nor gives values.
    pub(in crate::pool) async fn say(&mut self, sql: &str) -> Result<(), Failure> {
        let patience = self.patience();
        let said = self.connection().execute(sqlx::raw_sql(AssertSqlSafe(sql)));
        let said = async { said.await.map(drop).map_err(|fault| error::of(&fault)) };
        bounded(patience, said).await
    }

    /// Ends the lease as the outcome demands.
    pub(in crate::pool) fn settle<T>(self, outcome: Result<T, Failure>) -> Result<T> {
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
        match self.session.take() {
            Some(session) if session.is_expired() => self.replace(session),
            Some(session) => self.shared.put_idle(session),
            None => {}
        }
    }

    /// Opens another connection in the place of an old one, beside whatever the caller does next.
    fn replace(&mut self, old: Session) {
        let shared = self.shared.clone();
        let runtime = old.runtime.clone();
        let permit = self.permit.take();
        old.runtime.clone().spawn(async move {
            old.leave().await;
            // Where that fails, whoever needs a connection is told why.
            if let Ok(session) = shared.open(runtime).await {
                shared.put_idle(session);
            }
            drop(permit);
        });
    }

    /// Closes a connection that is lost, and those that rest: they are likely lost as well.
    pub(in crate::pool) fn discard(mut self) {
        self.session = None;
        self.shared.forget_idle();
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(session) = self.session.take().filter(|_| !self.is_streaming) else {
            return;
        };
        // The permit stays with the connection until it rests. Should the runtime have ended, the
        // task is dropped instead of run, and the connection closed.
        let shared = self.shared.clone();
        let runtime = session.runtime.clone();
        let permit = self.permit.take();
        let in_transaction = self.in_transaction;
        runtime.spawn(async move {
            if let Some(session) = recover(&shared, session, in_transaction).await {
                shared.put_idle(session);
            }
            drop(permit);
        });
    }
}

/// What a lease has begun, to be kept or undone as a whole.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    Transaction,
    Savepoint,
}

/// The server keeps `statement_timeout`; this is for a server that is not there any more.
pub(super) fn bounded<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, Failure>>,
) -> impl Future<Output = Result<T, Failure>> {
    let outcome = tokio::time::timeout(patience, work);
    outcome.map(|outcome| outcome.unwrap_or_else(|_| Err(error::silence())))
}
