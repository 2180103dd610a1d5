//! What a start prints.

mod paste;

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use nexus_core::ModelOperations;

use crate::assembly::Assembly;

pub(crate) use paste::commands;
use paste::reachable;

/// What is served, where, and how long each phase of the start took. Its `Display` is the page that
/// [`run`](crate::NexusBuilder::run) prints.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// Where the HTTP door listens.
    pub api: SocketAddr,
    /// Where the MCP door listens, unless it is turned off.
    pub mcp: Option<SocketAddr>,
    /// What the doors serve.
    pub served: Served,
    /// The workflow definition files that are not served, each with the reason.
    pub left_out: Vec<String>,
    /// What became of each source's tables, in the order they were mounted.
    pub schemas: Vec<SchemaLine>,
    /// How long the start took.
    pub phases: Phases,
    /// Commands that show what is served, ready to be pasted into a shell.
    pub commands: Vec<String>,
}

/// How much the doors serve.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Served {
    /// Tools of the MCP door.
    pub tools: usize,
    /// The models, by the noun of their operations.
    pub models: Vec<String>,
    /// The workflows and handlers.
    pub workflows: Vec<String>,
}

impl Served {
    pub(crate) fn of(assembly: &Assembly) -> Self {
        let registry = assembly.dispatch.registry();
        let tools = assembly
            .settings
            .mcp
            .map_or(0, |_| registry.operations().count());
        let workflows = registry.workflows();
        let noun = |model: &ModelOperations| model.schema().noun();
        Self {
            tools,
            models: registry.models().iter().map(noun).collect(),
            workflows: workflows
                .map(|operation| operation.name().to_owned())
                .collect(),
        }
    }
}

/// What became of one source's tables.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SchemaLine {
    /// The source.
    pub source: String,
    /// What was done, in its own words.
    pub outcome: String,
    /// How long it took.
    pub duration: Duration,
}

/// How long the start took.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Phases {
    /// Reading the settings and checking what was registered.
    pub settings: Duration,
    /// Taking the ports.
    pub bind: Duration,
    /// Opening the first connection of the runtime that serves, and asking on it whether the tables
    /// are as they were left.
    pub connect: Duration,
    /// Bringing the tables to what the models need, where they were not.
    pub schema: Duration,
    /// From the first line of the start to the first request that can be answered.
    pub total: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Phases {
            settings,
            bind,
            schema,
            connect,
            total,
        } = self.phases;
        writeln!(formatter, "ready in {}", milliseconds(total))?;
        writeln!(formatter, "  http       http://{}", self.api)?;
        writeln!(
            formatter,
            "  docs       http://{}/docs",
            reachable(self.api)
        )?;
        match self.mcp {
            Some(mcp) => {
                let tools = counted(self.served.tools, "tool");
                writeln!(formatter, "  mcp        http://{mcp}/mcp ({tools})")?;
            }
            None => writeln!(formatter, "  mcp        off")?,
        }
        writeln!(formatter, "  models     {}", names(&self.served.models))?;
        writeln!(formatter, "  workflows  {}", names(&self.served.workflows))?;
        for file in &self.left_out {
            writeln!(formatter, "  left out   {file}")?;
        }
        for line in &self.schemas {
            let duration = milliseconds(line.duration);
            let SchemaLine {
                source, outcome, ..
            } = line;
            writeln!(formatter, "  schema     {source}: {outcome} ({duration})")?;
        }
        write!(
            formatter,
            "  phases     settings {}, bind {}, connect {}, schema {}",
            milliseconds(settings),
            milliseconds(bind),
            milliseconds(connect),
            milliseconds(schema),
        )?;
        for (position, command) in self.commands.iter().enumerate() {
            let title = if position == 0 { "try" } else { "" };
            write!(formatter, "\n  {title:<11}{command}")?;
        }
        Ok(())
    }
}

fn names(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}
