//! Who starts when.
//!
//! ```text
//! settings ─ bind ─┬─ Source::connect ────────────┬─ changed? ─ dataflow-ddl thread: ────────┬─ serve
//!                  │                              │             Source::synchronize          │
//!                  └─ registry, the doors built ──┘       └─ no ─────────────────────────────┘
//! ```
//!
//! Ports come first, so that one that is taken leaves every database untouched. The connection that
//! will serve is the one that asks whether the tables are as they were left. Where they are not,
//! they are brought up to date on a plain thread: drivers that block need no runtime, and work in
//! any.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::Source;
use nexus_core::config::Settings;
use nexus_core::http::{Listener, serve};
use nexus_core::{Dispatch, Shutdown};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::draft::Draft;
use crate::report::{Phases, Report, SchemaLine, Served, commands};
use crate::running::{Running, Sources};

/// The runtime that serves: born here, and nowhere else.
///
/// # Errors
///
/// When the system gives no threads.
pub(crate) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| internal("no runtime could be started").with_source(error))
}

/// The thread that brings tables up to date.
const DDL_THREAD: &str = "dataflow-ddl";

/// Starts everything, and returns once the first request can be answered.
///
/// # Errors
///
/// When a port is taken, a source cannot be reached or its tables cannot become what the models
/// need. Nothing is served then, and nothing keeps running.
pub(crate) async fn start(draft: Draft, begun: Instant) -> Result<Running> {
    let settings = begun.elapsed();
    let listeners = Listeners::bind(&draft.settings).await?;
    let bind = begun.elapsed() - settings;
    let api = listeners.api.address();
    let mcp = listeners.mcp.as_ref().map(Listener::address);

    let sources = draft.sources();
    let logins = Logins::begin(&sources);
    let plan = match draft.plan() {
        Ok(plan) => plan,
        Err(mistakes) => {
            close(&sources).await;
            return Err(mistakes);
        }
    };
    let (trigger, shutdown) = Shutdown::new();
    let api_router = plan.api_router(Some(shutdown.clone()));
    let mcp_router = plan.mcp_router(shutdown.clone());
    let served = Served::of(&plan);
    let opened = logins.open(&plan.dispatch).await?;

    let mut doors = JoinSet::new();
    let limits = &plan.settings.limits;
    let mut answer = |listener, router| {
        doors.spawn(serve(listener, router, limits.clone(), shutdown.clone()));
    };
    answer(listeners.api, api_router);
    if let Some(listener) = listeners.mcp {
        answer(listener, mcp_router);
    }
    let total = begun.elapsed();
    let left_out = plan.discovery.refused.iter();
    Ok(Running {
        report: Report {
            api,
            mcp,
            served,
            left_out: left_out.map(ToString::to_string).collect(),
            schemas: opened.schemas,
            phases: Phases {
                settings,
                bind,
                schema: opened.schema,
                connect: opened.connect,
                total,
            },
            commands: commands(plan.dispatch.registry(), api, mcp),
        },
        trigger,
        doors,
        sources: Sources(plan.dispatch.registry().sources().to_vec()),
    })
}

/// The ports, taken.
struct Listeners {
    api: Listener,
    mcp: Option<Listener>,
}

impl Listeners {
    async fn bind(settings: &Settings) -> Result<Self> {
        let api = Listener::bind(settings.api, "api_port").await?;
        let mcp = match settings.mcp {
            Some(address) => Some(Listener::bind(address, "mcp_port").await?),
            None => None,
        };
        Ok(Self { api, mcp })
    }
}

/// What became of the sources.
pub(crate) struct Opened {
    schemas: Vec<SchemaLine>,
    connect: Duration,
    schema: Duration,
}

/// Connects to every source, brings the tables up to date of those where something changed, and
/// lets calls in.
///
/// # Errors
///
/// The first that a source reports. Every source is closed then.
pub(crate) async fn open(dispatch: &Dispatch) -> Result<Opened> {
    let logins = Logins::begin(dispatch.registry().sources());
    logins.open(dispatch).await
}

/// The sources being connected to, each on a task of its own, so that logging in goes on while
/// something else is being made.
struct Logins {
    begun: Instant,
    /// In the order of the sources.
    tasks: Vec<JoinHandle<Result<Option<SchemaLine>>>>,
}

impl Logins {
    fn begin(sources: &[Arc<dyn Source>]) -> Self {
        let begin = |source: &Arc<dyn Source>| tokio::spawn(connect(source.clone()));
        Self {
            begun: Instant::now(),
            tasks: sources.iter().map(begin).collect(),
        }
    }

    /// Waits for them, brings the tables up to date of those where something changed, and lets
    /// calls in.
    async fn open(self, dispatch: &Dispatch) -> Result<Opened> {
        let sources = dispatch.registry().sources();
        let opened = self.ready(sources).await;
        match &opened {
            Ok(_) => dispatch.open(),
            Err(_) => close(sources).await,
        }
        opened
    }

    async fn ready(self, sources: &[Arc<dyn Source>]) -> Result<Opened> {
        let (recalled, connect) = self.recalled().await?;
        let changed: Vec<_> = sources
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

/// Lets calls in flight finish, then closes every connection.
pub(crate) async fn close(sources: &[Arc<dyn Source>]) {
    for source in sources {
        source.close().await;
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
