//! The threads that own the connections.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};
use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};
use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::job::{Job, Work};
use super::owner::{Gauge, Owner, Role};
use crate::pool::{PoolSettings, PoolStats, refusal};

/// More readers gained nothing where it was measured.
const READERS: usize = 2;

/// The most statements that share a transaction.
const LARGEST_GROUP: usize = 256;

/// The threads of one database. They end when it is closed or dropped.
pub(super) struct Workers {
    writer: Sender<Message<Work>>,
    /// A database in memory belongs to one connection, so the writer reads as well.
    readers: Option<Sender<Message<Box<dyn Job>>>>,
    threads: Mutex<Threads>,
    size: usize,
    gauge: Arc<Gauge>,
}

/// What travels to a thread.
enum Message<T> {
    Work(T),
    /// Whoever takes this ends. Work that was sent before is taken first.
    Close,
}

/// Emptied by whoever closes.
struct Threads {
    writer: Option<Thread>,
    readers: Vec<Thread>,
}

/// How many connections a database has.
pub(super) fn count(endpoint: &SqliteEndpoint) -> usize {
    match endpoint {
        SqliteEndpoint::File(_) => 1 + READERS,
        SqliteEndpoint::Memory => 1,
    }
}

impl Workers {
    /// Starts the threads; each opens its connection for the first job it is given.
    pub(super) fn start(endpoint: &SqliteEndpoint, settings: &PoolSettings) -> Result<Self> {
        let gauge = Arc::<Gauge>::default();
        let owner = |role| Owner::new(role, endpoint, settings, &gauge);
        let (writer, work) = unbounded();
        let (readers, jobs) = unbounded();
        let size = count(endpoint);
        let threads = Threads {
            writer: Some({
                let owner = owner(Role::Writer);
                Thread::spawn("dataflow-writer", move || write_all(owner, &work))?
            }),
            readers: (1..size)
                .map(|_| {
                    let (owner, jobs) = (owner(Role::Reader), jobs.clone());
                    Thread::spawn("dataflow-reader", move || read_all(owner, &jobs))
                })
                .collect::<Result<_>>()?,
        };
        Ok(Self {
            writer,
            readers: (size > 1).then_some(readers),
            threads: Mutex::new(threads),
            size,
            gauge,
        })
    }

    pub(super) fn write(&self, work: Work) -> Result<()> {
        let sent = self.writer.send(Message::Work(work));
        sent.map_err(|_| refusal::closed())
    }

    pub(super) fn read(&self, job: Box<dyn Job>) -> Result<()> {
        let Some(readers) = &self.readers else {
            return self.write(Work::Alone(job));
        };
        let sent = readers.send(Message::Work(job));
        sent.map_err(|_| refusal::closed())
    }

    /// Waits until the work that was sent before is done and every connection is closed.
    ///
    /// The readers end first: while one of them is open, the writer cannot empty the log.
    pub(super) async fn close(&self) {
        let (writer, readers) = {
            let mut threads = self.threads.lock();
            (threads.writer.take(), std::mem::take(&mut threads.readers))
        };
        for _ in &readers {
            // Readers that are gone need no message, nor does a writer.
            let _ = self.readers.as_ref().map(|all| all.send(Message::Close));
        }
        for reader in readers {
            reader.ended().await;
        }
        if let Some(writer) = writer {
            let _ = self.writer.send(Message::Close);
            writer.ended().await;
        }
    }

    pub(super) fn stats(&self) -> PoolStats {
        PoolStats {
            size: self.size,
            open: self.gauge.open(),
            idle: self.gauge.idle(),
            waiting: self.writer.len() + self.readers.as_ref().map_or(0, Sender::len),
        }
    }
}

struct Thread {
    handle: JoinHandle<()>,
    /// Resolves when the work is over, so that nobody blocks to join.
    over: oneshot::Receiver<()>,
}

impl Thread {
    fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<Self> {
        let (end, over) = oneshot::channel::<()>();
        let handle = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                work();
                drop(end);
            })
            .map_err(|fault| {
                Error::new(Kind::Unavailable, "the system starts no further thread")
                    .with_source(fault)
            })?;
        Ok(Self { handle, over })
    }

    async fn ended(self) {
        // The sender is dropped, never used: both ways of ending are the end.
        let _ = self.over.await;
        let _ = self.handle.join();
    }
}

fn read_all(mut owner: Owner, jobs: &Receiver<Message<Box<dyn Job>>>) {
    while let Ok(Message::Work(job)) = jobs.recv() {
        owner.run(vec![job]);
    }
}

fn write_all(mut owner: Owner, work: &Receiver<Message<Work>>) {
    let mut next = work.recv().ok();
    while let Some(Message::Work(current)) = next.take() {
        let (jobs, follower) = match current {
            Work::Alone(job) => (vec![job], None),
            Work::Shared(job) => gather(job, work),
        };
        owner.run(jobs);
        next = follower.or_else(|| work.recv().ok());
    }
    owner.empty_the_log();
}

/// The statements that wait and may share a transaction with the first, and what came after them.
fn gather(
    first: Box<dyn Job>,
    work: &Receiver<Message<Work>>,
) -> (Vec<Box<dyn Job>>, Option<Message<Work>>) {
    let mut group = vec![first];
    while group.len() < LARGEST_GROUP {
        match work.try_recv() {
            Ok(Message::Work(Work::Shared(job))) => group.push(job),
            Ok(other) => return (group, Some(other)),
            Err(_) => break,
        }
    }
    (group, None)
}
