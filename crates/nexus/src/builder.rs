//! What an application says, before anything starts.

use std::fmt;
use std::io::Write as _;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Node, Source};
use nexus_core::asked_to_stop;
use nexus_core::config::Config;
use nexus_core::workflow::{HandlerFunction, Workflow, handler};

use crate::assembly::Assembly;
use crate::draft::{Draft, Registration};
use crate::report::Report;
use crate::running::Running;
use crate::{sources, start};

type OnReady = Box<dyn FnOnce(&Report) + Send>;

/// Collects what an application serves and how.
///
/// Nothing is checked, read or bound before one of the ways out: [`run`](Self::run) and
/// [`serve`](Self::serve) for a process of its own, [`start`](Self::start) for a server beside other
/// work, [`into_router`](Self::into_router) for an application that has a server already. Each
/// reports every mistake of the registration and the settings at once.
#[must_use = "nothing is served before `run`, `serve`, `start` or `into_router`"]
#[derive(Default)]
pub struct NexusBuilder {
    config: Config,
    registrations: Vec<Registration>,
    router: Option<Router>,
    on_ready: Option<OnReady>,
}

impl NexusBuilder {
    /// The address that both ports bind; 127.0.0.1 when it is not given.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.config.host = Some(host.into());
        self
    }

    /// Serves callers without credentials on an address that others can reach. Off when it is not
    /// given: such an address is then refused at start.
    pub fn allow_anonymous(mut self, allow_anonymous: bool) -> Self {
        self.config.allow_anonymous = Some(allow_anonymous);
        self
    }

    /// The port of the HTTP door; 8002 when it is not given, and 0 takes a free one.
    pub fn api_port(mut self, api_port: u16) -> Self {
        self.config.api_port = Some(api_port);
        self
    }

    /// The port of the MCP door; 3001 when it is not given, and 0 takes a free one.
    pub fn mcp_port(mut self, mcp_port: u16) -> Self {
        self.config.mcp_port = Some(mcp_port);
        self
    }

    /// Serves no MCP.
    pub fn without_mcp(mut self) -> Self {
        self.config.enable_mcp = Some(false);
        self
    }

    /// Also registers the workflow definition files of [`workflows_dir`](Self::workflows_dir).
    pub fn auto_discovery(mut self, auto_discovery: bool) -> Self {
        self.config.auto_discovery = Some(auto_discovery);
        self
    }

    /// Where definition files are looked for; `workflows` in the working directory when it is not
    /// given.
    pub fn workflows_dir(mut self, workflows_dir: impl Into<PathBuf>) -> Self {
        self.config.workflows_dir = Some(workflows_dir.into());
        self
    }

    /// Trusts a header, such as `X-Tenant`, to name the tenant on whose behalf a request calls, at
    /// both ports; not when it is not given.
    ///
    /// Whoever reaches the ports can then name any tenant: it is for callers on this machine, and
    /// for a proxy that sets the header itself and lets no other through. An application that knows
    /// its callers puts a [`Tenant`](nexus_core::http::Tenant) into the extensions of their requests
    /// instead, in a layer around [`into_router`](Self::into_router).
    pub fn tenant_header(mut self, name: impl Into<String>) -> Self {
        self.config.tenant_header = Some(name.into());
        self
    }

    /// Counts and times every request and call, and serves `/metrics`.
    pub fn enable_metrics(mut self, enable_metrics: bool) -> Self {
        self.config.enable_metrics = Some(enable_metrics);
        self
    }

    /// Offers the operations of every model of a source, such as a `DataFlow`, at every door.
    pub fn mount<S: Source + Clone + 'static>(mut self, source: &S) -> Self {
        let source = Arc::new(source.clone());
        self.registrations.push(Registration::Source(source));
        self
    }

    /// Offers a workflow under a name.
    pub fn register(self, name: impl Into<String>, workflow: Workflow) -> Self {
        self.node(workflow.named(name))
    }

    /// Offers an async function under a name: a workflow of one node.
    pub fn handler<Arguments>(
        mut self,
        name: impl Into<String>,
        function: impl HandlerFunction<Arguments>,
    ) -> Self {
        match handler(name, function) {
            Ok(handler) => self.node(handler),
            Err(error) => {
                self.registrations.push(Registration::Refused(error));
                self
            }
        }
    }

    /// Offers anything else that can be called, under its own name.
    pub fn node(mut self, node: impl Node + 'static) -> Self {
        self.registrations.push(Registration::Node(Arc::new(node)));
        self
    }

    /// Serves the routes of an application's own router on the HTTP port too. Where both have a
    /// path, the application's answers.
    pub fn merge_router(mut self, router: Router) -> Self {
        self.router = Some(match self.router.take() {
            Some(merged) => merged.merge(router),
            None => router,
        });
        self
    }

    /// Calls a function once [`run`](Self::run) or [`serve`](Self::serve) answers, with the real
    /// addresses: to print an example, or to tell a supervisor.
    ///
    /// ```no_run
    /// # use nexus::Nexus;
    /// # fn main() -> nexus::Result<()> {
    /// Nexus::builder()
    ///     .on_ready(|report| println!("  try        curl http://{}/openapi.json", report.api))
    ///     .run()
    /// # }
    /// ```
    pub fn on_ready(mut self, on_ready: impl FnOnce(&Report) + Send + 'static) -> Self {
        self.on_ready = Some(Box::new(on_ready));
        self
    }

    /// Starts, prints what is served, and serves until SIGINT or SIGTERM; then finishes what is in
    /// flight and returns.
    ///
    /// # Errors
    ///
    /// When something was registered wrongly, a setting is wrong, a port is taken, or a database
    /// cannot be reached or become what its models need. Nothing was served then. Inside an async
    /// runtime it is an error too: [`serve`](Self::serve) is for there.
    pub fn run(self) -> Result<()> {
        let begun = Instant::now();
        if tokio::runtime::Handle::try_current().is_ok() {
            return Err(Error::new(
                Kind::Configuration,
                "run() was called inside an async runtime",
            )
            .with_help("call serve().await there"));
        }
        let runtime = start::runtime()?;
        let outcome = runtime.block_on(self.serve_since(begun));
        // Work that blocks for ever must not keep the process from ending.
        runtime.shutdown_background();
        outcome
    }

    /// What [`run`](Self::run) does, inside the runtime that is there already.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub async fn serve(self) -> Result<()> {
        self.serve_since(Instant::now()).await
    }

    async fn serve_since(mut self, begun: Instant) -> Result<()> {
        // Whoever reads the report may ask to stop at once, or before there is one.
        let asked_to_stop = asked_to_stop().map_err(|error| {
            Error::new(Kind::Internal, "the process cannot hear signals").with_source(error)
        })?;
        let mut asked_to_stop = pin!(asked_to_stop);
        let on_ready = self.on_ready.take();
        let running = tokio::select! {
            running = start::start(self.draft()?, begun) => running?,
            () = &mut asked_to_stop => return Ok(()),
        };
        // The report is for people who look; a closed standard output stops nothing.
        let _ = writeln!(std::io::stdout(), "{}", running.report());
        if let Some(on_ready) = on_ready {
            on_ready(running.report());
        }
        asked_to_stop.await;
        running.shutdown().await;
        Ok(())
    }

    /// Starts, prints nothing, and returns once the first request can be answered.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub async fn start(self) -> Result<Running> {
        let begun = Instant::now();
        start::start(self.draft()?, begun).await
    }

    /// The routes of the HTTP door for an application that has a server: brings the tables up to
    /// date and connects first, so that what it returns can answer. Binds no port.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run), but for ports.
    pub async fn into_router(self) -> Result<Router> {
        let assembly = self.assemble()?;
        sources::open(&assembly.dispatch).await?;
        Ok(assembly.api_router(None))
    }

    /// The settings understood, and what was registered as it was said.
    ///
    /// # Errors
    ///
    /// Every mistake there is, where a setting is one of them.
    pub(crate) fn draft(self) -> Result<Draft> {
        Draft::new(self.config, self.registrations, self.router)
    }

    /// Everything, put together.
    ///
    /// # Errors
    ///
    /// Every mistake there is.
    pub(crate) fn assemble(self) -> Result<Assembly> {
        self.draft()?.assemble()
    }
}

impl fmt::Debug for NexusBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NexusBuilder")
            .field("config", &self.config)
            .field("registrations", &self.registrations.len())
            .finish_non_exhaustive()
    }
}
