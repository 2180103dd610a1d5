//! Rows that are read as they are asked for, on a connection that nobody else waits for.
//!
//! ```text
//! next ──→ channel ──→ a thread of its own ── so many rows ──→ answer
//! ```

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, select, unbounded};
use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_core::row::RowSource;
use dataflow_core::{Result, Value};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::open;
use super::run::run_once;
use super::ticket::{Ticket, Turn};
use super::watch::Watch;
use super::worker::Thread;
use crate::pool::flow::PORTION;
use crate::pool::{PoolSettings, Rows, Statement, refusal};

/// The most that are open at once, each with a thread and a connection.
const MOST: usize = 8;

/// The caller's half. Dropping it stops what runs, and closes the connection.
pub(crate) struct Reader<C: Rows> {
    requests: Sender<Request<C>>,
    _turn: Turn,
}

type Request<C> = oneshot::Sender<Result<<C as Rows>::Output>>;

impl<C: Rows> Reader<C> {
    /// The next rows, as many as are in memory at once, and fewer only at the end.
    pub(in crate::pool) async fn next(&mut self) -> Result<C::Output> {
        let (request, answer) = oneshot::channel();
        // A thread that is gone drops what it was sent.
        let _ = self.requests.send(request);
        answer.await.unwrap_or_else(|_| Err(refusal::closed()))
    }
}

/// The readers of a database.
pub(super) struct Readers {
    permits: Arc<Semaphore>,
    /// Dropped when the database is closed, so that everyone who holds the other end knows.
    closing: Mutex<Option<Sender<Infallible>>>,
    closed: Receiver<Infallible>,
}

impl Readers {
    pub(super) fn new() -> Self {
        let (closing, closed) = unbounded();
        Self {
            permits: Arc::new(Semaphore::new(MOST)),
            closing: Mutex::new(Some(closing)),
            closed,
        }
    }

    /// Starts one; its connection is opened by its thread.
    pub(super) async fn start<C: Rows + Default>(
        &self,
        endpoint: &SqliteEndpoint,
        settings: &PoolSettings,
        statement_timeout: Option<Duration>,
        statement: &Arc<Statement>,
        values: Vec<Value>,
    ) -> Result<Reader<C>> {
        let patience = settings.acquire_timeout;
        let permit = tokio::time::timeout(patience, self.permits.clone().acquire_owned());
        let permit = match permit.await {
            Ok(permit) => permit.map_err(|_| refusal::closed())?,
            Err(_) => return Err(refusal::acquire_timeout(patience)),
        };
        let (requests, asked) = unbounded();
        let ticket = Ticket::new();
        let portions = Portions {
            rows: C::default(),
            count: 0,
            request: None,
            requests: asked,
            closed: self.closed.clone(),
            watch: Watch::new(statement_timeout.unwrap_or(settings.statement_timeout)),
            ticket: ticket.clone(),
        };
        let (endpoint, settings) = (endpoint.clone(), settings.clone());
        let statement = statement.clone();
        Thread::spawn("dataflow-stream", move || {
            portions.serve(&endpoint, &settings, &statement, &values, permit);
        })?;
        Ok(Reader {
            requests,
            _turn: Turn::of(ticket),
        })
    }

    /// Ends those that wait to be asked, and waits for those that read.
    pub(super) async fn close(&self) {
        drop(self.closing.lock().take());
        if let Ok(all) = self.permits.acquire_many(MOST as u32).await {
            all.forget();
            self.permits.close();
        }
    }
}

/// The thread's half: what hands rows over when there are enough of them, and waits until more are
/// asked for.
struct Portions<C: Rows> {
    rows: C,
    count: usize,
    /// Who waits for the rows.
    request: Option<Request<C>>,
    requests: Receiver<Request<C>>,
    closed: Receiver<Infallible>,
    watch: Watch,
    ticket: Arc<Ticket>,
}

impl<C: Rows + Default> Portions<C> {
    fn serve(
        mut self,
        endpoint: &SqliteEndpoint,
        settings: &PoolSettings,
        statement: &Statement,
        values: &[Value],
        permit: OwnedSemaphorePermit,
    ) {
        if self.wait().is_err() {
            return;
        }
        let read = open::reader(endpoint, settings, &self.watch).and_then(|connection| {
            self.watch.start(None, Some(&self.ticket));
            run_once(&connection, statement, values, &mut self)
        });
        match read {
            Ok(_) => self.hand_over(),
            Err(error) => self.answer(Err(error)),
        }
        drop(permit);
    }

    /// Waits until rows are asked for.
    fn wait(&mut self) -> Result<()> {
        self.request = select! {
            recv(self.requests) -> request => request.ok(),
            recv(self.closed) -> _ => None,
        };
        if self.request.is_none() {
            // What is left of the statement is for nobody.
            drop(Turn::of(self.ticket.clone()));
            return Err(refusal::closed());
        }
        Ok(())
    }

    fn hand_over(&mut self) {
        self.count = 0;
        let rows = std::mem::take(&mut self.rows);
        self.answer(Ok(rows.finish(0)));
    }

    fn answer(&mut self, answer: Result<C::Output>) {
        if let Some(request) = self.request.take() {
            // Nobody listens when the caller has left meanwhile.
            let _ = request.send(answer);
        }
    }
}

impl<C: Rows + Default> Rows for Portions<C> {
    type Output = ();

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        if let Err(error) = self.rows.row(row) {
            // Told at once: whoever hears it leaves, which stops the statement.
            self.answer(Err(error.clone()));
            return Err(error);
        }
        self.count += 1;
        if self.count == PORTION {
            self.watch.stop();
            self.hand_over();
            let waited = self.wait();
            self.watch.start(None, Some(&self.ticket));
            return waited;
        }
        Ok(())
    }

    fn restart(&mut self) {}

    fn finish(self, _: u64) {}
}
