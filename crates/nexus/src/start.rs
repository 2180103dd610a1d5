//! Who starts when.
//!
//! ```text
//! settings ─ bind ─┬─ dataflow-ddl thread: Source::synchronize ─┬─ Dispatch::open ─ doors answer
//!                  └─ runtime:             Source::connect ─────┘
//! ```
//!
//! Ports come first, so that one that is taken leaves every database untouched. Tables are brought
//! up to date on a plain thread: drivers that block need no runtime, and work in any. A connection
//! belongs to the runtime that opened it, so the runtime opens its first one itself, meanwhile.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::Source;
use nexus_core::http::{Limits, Listener, serve};
use nexus_core::{Dispatch, Shutdown};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::report::{Phases, Report, SchemaLine, Served};
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

/// Everything that a start needs, checked.
pub(crate) struct Plan {
    /// When the start began.
    pub(crate) begun: Instant,
    pub(crate) dispatch: Dispatch,
    pub(crate) served: Served,
    pub(crate) left_out: Vec<String>,
    pub(crate) api: Door,
    pub(crate) mcp: Option<Door>,
    pub(crate) limits: Limits,
}

/// One port and what answers on it.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    /// The setting that chose the port, for the error when it is taken.
    pub(crate) setting: &'static str,
    pub(crate) router: Router,
}

impl Door {
    async fn bind(&self) -> Result<Listener> {
        Listener::bind(self.address, self.setting).await
    }
}

/// Starts everything, and returns once the first request can be answered.
///
/// # Errors
///
/// When a port is taken, a source cannot be reached or its tables cannot become what the models
/// need. Nothing is served then, and nothing keeps running.
pub(crate) async fn start(plan: Plan) -> Result<Running> {
    let settings = plan.begun.elapsed();
    let began_to_bind = Instant::now();
    let api_listener = plan.api.bind().await?;
    let mcp_listener = match &plan.mcp {
        Some(door) => Some(door.bind().await?),
        None => None,
    };
    let bind = began_to_bind.elapsed();
    let opened = open(&plan.dispatch).await?;

    let api = api_listener.address();
    let mcp = mcp_listener.as_ref().map(Listener::address);
    let (trigger, shutdown) = Shutdown::new();
    let mut doors = JoinSet::new();
    let mut answer = |listener, door: Door| {
        doors.spawn(serve(
            listener,
            door.router,
            plan.limits.clone(),
            shutdown.clone(),
        ));
    };
    answer(api_listener, plan.api);
    if let (Some(listener), Some(door)) = (mcp_listener, plan.mcp) {
        answer(listener, door);
    }
    Ok(Running {
        report: Report {
            api,
            mcp,
            served: plan.served,
            left_out: plan.left_out,
            schemas: opened.schemas,
            phases: Phases {
                settings,
                bind,
                schema: opened.schema,
                connect: opened.connect,
                total: plan.begun.elapsed(),
            },
        },
        trigger,
        doors,
        sources: Sources(plan.dispatch.registry().sources().to_vec()),
    })
}

/// What became of the sources.
pub(crate) struct Opened {
    schemas: Vec<SchemaLine>,
    schema: Duration,
    connect: Duration,
}

/// Brings every source's tables up to date and connects to it, side by side; then lets calls in.
///
/// # Errors
///
/// That of the tables, which says more, before that of the connection. Every source is closed then.
pub(crate) async fn open(dispatch: &Dispatch) -> Result<Opened> {
    let sources = dispatch.registry().sources();
    let (schemas, connect) = tokio::join!(synchronized(sources.to_vec()), connected(sources));
    match (schemas, connect) {
        (Ok(schemas), Ok(connect)) => {
            dispatch.open();
            Ok(Opened {
                schema: schemas.iter().map(|line| line.duration).sum(),
                schemas,
                connect,
            })
        }
        (Err(error), _) | (_, Err(error)) => {
            close(sources).await;
            Err(error)
        }
    }
}

/// Lets calls in flight finish, then closes every connection.
pub(crate) async fn close(sources: &[Arc<dyn Source>]) {
    for source in sources {
        source.close().await;
    }
}

async fn synchronized(sources: Vec<Arc<dyn Source>>) -> Result<Vec<SchemaLine>> {
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

async fn connected(sources: &[Arc<dyn Source>]) -> Result<Duration> {
    let begun = Instant::now();
    for source in sources {
        source.connect().await?;
    }
    Ok(begun.elapsed())
}

fn internal(message: &'static str) -> Error {
    Error::new(Kind::Internal, message)
}
