//! The sources of a server: reached, brought up to date, closed.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::Source;
use nexus_core::{Dispatch, Registry};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::report::SchemaLine;

/// The thread that brings tables up to date.
const DDL_THREAD: &str = "dataflow-ddl";

/// The sources of a server, in the order they were mounted.
#[derive(Clone)]
pub(crate) struct Sources(pub(crate) Vec<Arc<dyn Source>>);

impl Sources {
    /// Those of a registry.
    pub(crate) fn of(registry: &Registry) -> Self {
        Self(registry.sources().to_vec())
    }

    /// Begins to connect to each of them.
    pub(crate) fn log_in(&self) -> Logins {
        let log_in = |source: &Arc<dyn Source>| tokio::spawn(connect(source.clone()));
        Logins {
            begun: Instant::now(),
            tasks: self.0.iter().map(log_in).collect(),
            sources: self.clone(),
        }
    }

    /// Lets calls in flight finish, then closes every connection.
    pub(crate) async fn close(&self) {
        for source in &self.0 {
            source.close().await;
        }
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|source| source.name());
        formatter.debug_list().entries(names).finish()
    }
}

/// What became of the sources.
pub(crate) struct Opened {
    pub(crate) schemas: Vec<SchemaLine>,
    pub(crate) connect: Duration,
    pub(crate) schema: Duration,
}

/// Connects to every source, brings the tables up to date of those where something changed, and
/// lets calls in.
///
/// # Errors
///
/// The first that a source reports. Every source is closed then.
pub(crate) async fn open(dispatch: &Dispatch) -> Result<Opened> {
    let sources = Sources::of(dispatch.registry());
    sources.log_in().open(dispatch).await
}

/// The sources being connected to, each on a task of its own, so that logging in goes on while
/// something else is being made.
pub(crate) struct Logins {
    sources: Sources,
    begun: Instant,
    /// In the order of the sources.
    tasks: Vec<JoinHandle<Result<Option<SchemaLine>>>>,
}

impl Logins {
    /// Waits for them, brings the tables up to date of those where something changed, and lets
    /// calls in.
    pub(crate) async fn open(self, dispatch: &Dispatch) -> Result<Opened> {
        let sources = self.sources.clone();
        let opened = self.ready().await;
        match &opened {
            Ok(_) => dispatch.open(),
            Err(_) => sources.close().await,
        }
        opened
    }

    async fn ready(self) -> Result<Opened> {
        let sources = self.sources.clone();
        let (recalled, connect) = self.recalled().await?;
        let changed: Vec<_> = sources
            .0
            .iter()
            .zip(&recalled)
            .filter(|(_, line)| line.is_none())
            .map(|(source, _)| source.clone())
            .collect();
        let synchronized = synchronized(changed).await?;
        let schema = synchronized.iter().map(|line| line.duration).sum();
        let mut synchronized = synchronized.into_iter();
        let lines = recalled
            .into_iter()
            .map(|line| line.or_else(|| synchronized.next()));
        Ok(Opened {
            schemas: lines.flatten().collect(),
            schema,
            connect,
        })
    }

    /// A line for each source whose tables are as they were left, and how long it took to know.
    async fn recalled(self) -> Result<(Vec<Option<SchemaLine>>, Duration)> {
        let mut lines = Vec::new();
        for task in self.tasks {
            let line = task.await;
            lines.push(line.unwrap_or_else(|_| Err(internal("the task that connects panicked")))?);
        }
        Ok((lines, self.begun.elapsed()))
    }
}

async fn synchronized(sources: Vec<Arc<dyn Source>>) -> Result<Vec<SchemaLine>> {
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let (sender, receiver) = oneshot::channel();
    let work = move || {
        // Nobody listens any more when the start was given up meanwhile.
        let _ = sender.send(sources.iter().map(synchronize).collect());
    };
    std::thread::Builder::new()
        .name(DDL_THREAD.to_owned())
        .spawn(work)
        .map_err(|error| internal("no thread for the schema").with_source(error))?;
    receiver
        .await
        .unwrap_or_else(|_| Err(internal("the schema thread panicked")))
}

fn synchronize(source: &Arc<dyn Source>) -> Result<SchemaLine> {
    let begun = Instant::now();
    let outcome = source.synchronize()?;
    Ok(SchemaLine {
        source: source.name(),
        outcome,
        duration: begun.elapsed(),
    })
}

async fn connect(source: Arc<dyn Source>) -> Result<Option<SchemaLine>> {
    let begun = Instant::now();
    let outcome = source.connect().await?;
    Ok(outcome.map(|outcome| SchemaLine {
        source: source.name(),
        outcome,
        duration: begun.elapsed(),
    }))
}

fn internal(message: &'static str) -> Error {
    Error::new(Kind::Internal, message)
}
