//! The threads that own the connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// The most readers; more gained nothing where it was measured.
const READERS: usize = 2;

/// The most statements that share a transaction.
const LARGEST_GROUP: usize = 256;

/// The threads of one database. They end when it is closed or dropped.
pub(super) struct Workers {
    writer: Sender<Message<Work>>,
    /// A database in memory belongs to one connection, so the writer reads as well.
    readers: Option<Readers>,
    threads: Mutex<Threads>,
    size: usize,
    gauge: Arc<Gauge>,
}

/// Where reads go, and what a further reader is made of.
struct Readers {
    sender: Sender<Message<Box<dyn Job>>>,
    jobs: Receiver<Message<Box<dyn Job>>>,
    /// How many reads were sent and are not done.
    under_way: Arc<AtomicUsize>,
    started: AtomicUsize,
    endpoint: SqliteEndpoint,
    settings: PoolSettings,
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
        let (writer, work) = unbounded();
        let size = count(endpoint);
        let owner = Owner::new(Role::Writer, endpoint, settings, &gauge);
        let threads = Threads {
            writer: Some(Thread::spawn("dataflow-writer", move || {
                write_all(owner, &work);
            })?),
            readers: Vec::new(),
        };
        Ok(Self {
            writer,
            readers: (size > 1).then(|| Readers::new(endpoint, settings)),
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
        let under_way = readers.under_way.fetch_add(1, Ordering::Relaxed);
        let started = readers.started.load(Ordering::Relaxed);
        if started < READERS && under_way >= started {
            self.start_reader(readers)?;
        }
        let sent = readers.sender.send(Message::Work(job));
        sent.map_err(|_| refusal::closed())
    }

    /// Starts one more reader, as long as there may be one. It is asked for when all before it have
    /// work: each parses the whole schema before its first query, which a server that is hardly
    /// used need not pay for twice.
    fn start_reader(&self, readers: &Readers) -> Result<()> {
        let mut threads = self.threads.lock();
        let started = threads.readers.len();
        if threads.writer.is_none() {
            return Err(refusal::closed());
        }
        if started < READERS {
            threads.readers.push(readers.start(&self.gauge)?);
            readers.started.store(started + 1, Ordering::Relaxed);
        }
        Ok(())
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
            let _ = self
                .readers
                .as_ref()
                .map(|all| all.sender.send(Message::Close));
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
            waiting: self.writer.len() + self.readers.as_ref().map_or(0, |all| all.sender.len()),
        }
    }
}

pub(super) struct Thread {
    handle: JoinHandle<()>,
    /// Resolves when the work is over, so that nobody blocks to join.
    over: oneshot::Receiver<()>,
}

impl Thread {
    pub(super) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<Self> {
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

impl Readers {
    /// None is started.
    fn new(endpoint: &SqliteEndpoint, settings: &PoolSettings) -> Self {
        let (sender, jobs) = unbounded();
        Self {
            sender,
            jobs,
            under_way: Arc::default(),
            started: AtomicUsize::new(0),
            endpoint: endpoint.clone(),
            settings: settings.clone(),
        }
    }

    fn start(&self, gauge: &Arc<Gauge>) -> Result<Thread> {
        let mut owner = Owner::new(Role::Reader, &self.endpoint, &self.settings, gauge);
        let (jobs, under_way) = (self.jobs.clone(), self.under_way.clone());
        Thread::spawn("dataflow-reader", move || {
            let mut taken = Vec::with_capacity(1);
            while let Ok(Message::Work(job)) = jobs.recv() {
                taken.push(job);
                owner.run(&mut taken);
                // Whoever is answered may ask again, and shall find this reader free.
                under_way.fetch_sub(1, Ordering::Relaxed);
                answer(&mut taken);
            }
        })
    }
}

fn write_all(mut owner: Owner, work: &Receiver<Message<Work>>) {
    let mut group = Vec::new();
    let mut next = work.recv().ok();
    while let Some(Message::Work(current)) = next.take() {
        let follower = match current {
            Work::Alone(job) => {
                group.push(job);
                None
            }
            Work::Shared(job) => {
                group.push(job);
                gather(&mut group, work)
            }
        };
        owner.run(&mut group);
        answer(&mut group);
        next = follower.or_else(|| work.recv().ok());
    }
    owner.empty_the_log();
}

/// Tells the callers, and leaves room for the next.
fn answer(jobs: &mut Vec<Box<dyn Job>>) {
    for job in jobs.drain(..) {
        job.answer();
    }
}

/// Adds the statements that wait and may share a transaction with the first, and gives what came after
/// them.
fn gather(group: &mut Vec<Box<dyn Job>>, work: &Receiver<Message<Work>>) -> Option<Message<Work>> {
    while group.len() < LARGEST_GROUP {
        match work.try_recv() {
            Ok(Message::Work(Work::Shared(job))) => group.push(job),
            Ok(other) => return Some(other),
            Err(_) => break,
        }
    }
    None
}
