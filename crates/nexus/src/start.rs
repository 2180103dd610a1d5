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

use std::time::Instant;

use dataflow_core::error::{Error, Kind, Result};
use nexus_core::Shutdown;
use nexus_core::config::Settings;
use nexus_core::http::{Listener, serve};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::draft::Draft;
use crate::report::{Phases, Report, Served, commands};
use crate::running::Running;

/// The runtime that serves: born here, and nowhere else.
///
/// # Errors
///
/// When the system gives no threads.
pub(crate) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Error::new(Kind::Internal, "no runtime could be started").with_source(error)
        })
}

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
    let logins = sources.log_in();
    let assembly = match draft.assemble() {
        Ok(assembly) => assembly,
        Err(mistakes) => {
            sources.close().await;
            return Err(mistakes);
        }
    };
    let (trigger, shutdown) = Shutdown::new();
    let api_router = assembly.api_router(Some(shutdown.clone()));
    let mcp_router = assembly.mcp_router(shutdown.clone());
    let served = Served::of(&assembly);
    let opened = logins.open(&assembly.dispatch).await?;

    let mut doors = JoinSet::new();
    let limits = &assembly.settings.limits;
    let mut answer = |listener, router| {
        doors.spawn(serve(listener, router, limits.clone(), shutdown.clone()));
    };
    answer(listeners.api, api_router);
    if let Some(listener) = listeners.mcp {
        answer(listener, mcp_router);
    }
    let total = begun.elapsed();
    let left_out = assembly.discovery.refused.iter();
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
            commands: commands(assembly.dispatch.registry(), api, mcp),
        },
        trigger,
        doors,
        sources,
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
