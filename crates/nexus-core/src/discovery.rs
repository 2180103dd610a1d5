//! Workflow definition files, found and registered.
//!
//! A bad file is reported and left out; it never keeps a server from starting.

mod find;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::Node;
use dataflow_workflow::Definition;

use crate::Registry;

/// How far the search goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Folders below the first.
    pub depth: usize,
    /// Entries of folders that are looked at, and files that are read.
    pub entries: usize,
    /// Bytes of one file.
    pub bytes: u64,
    /// Time for all of it.
    pub time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            depth: 8,
            entries: 10_000,
            bytes: 256 * 1024,
            time: Duration::from_secs(5),
        }
    }
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The names of the workflows that are registered now, and their files.
    pub registered: Vec<(String, PathBuf)>,
    /// The files that are not, and why.
    pub refused: Vec<Refused>,
}

/// A file that was left out.
#[derive(Debug)]
pub struct Refused {
    /// The file, or a folder that the search could not enter.
    pub path: PathBuf,
    /// What is wrong with it; its faults begin with their lines.
    pub error: Error,
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {:?}", self.path.display(), self.error)
    }
}

/// Registers the workflows of the files `**/*.{json,yaml,yml,toml}` below a folder. They may use
/// what is registered already, and each other. A folder that does not exist holds none.
pub fn discover(folder: &Path, bounds: &Bounds, registry: &mut Registry) -> Discovery {
    let end = Instant::now() + bounds.time;
    let found = find::find(folder, bounds, end);
    let mut discovery = Discovery {
        registered: Vec::new(),
        refused: found.refused,
    };
    let mut waiting = Vec::new();
    for file in found.files {
        match read(&file, bounds, end) {
            Ok(definition) => waiting.push((file.path, definition)),
            Err(error) => discovery.refuse(file.path, error),
        }
    }
    register_all(waiting, registry, &mut discovery);
    for refused in &discovery.refused {
        tracing::warn!("workflow file left out: {refused}");
    }
    discovery
}

impl Discovery {
    fn refuse(&mut self, path: PathBuf, error: Error) {
        self.refused.push(Refused { path, error });
    }
}

fn read(file: &find::File, bounds: &Bounds, end: Instant) -> Result<Definition> {
    if Instant::now() >= end {
        return Err(find::out_of_time());
    }
    Definition::parse(file.format, &find::text_of(&file.path, bounds.bytes)?)
}

/// Goes over the definitions until none of those that are left finds its nodes, so that the order
/// of files does not matter.
fn register_all(
    mut waiting: Vec<(PathBuf, Definition)>,
    registry: &mut Registry,
    discovery: &mut Discovery,
) {
    loop {
        let nodes: Vec<Arc<dyn Node>> = registry.nodes().cloned().collect();
        let mut left = Vec::new();
        let registered_before = discovery.registered.len();
        for (path, definition) in waiting {
            match definition.build(&nodes, registry.sources()) {
                Err(error) => left.push((path, definition, error)),
                Ok(workflow) => {
                    let name = definition.name().to_owned();
                    match register(registry, &name, Arc::new(workflow.named(name.clone()))) {
                        Ok(()) => discovery.registered.push((name, path)),
                        Err(error) => discovery.refuse(path, error),
                    }
                }
            }
        }
        if discovery.registered.len() == registered_before {
            for (path, _, error) in left {
                discovery.refuse(path, error);
            }
            return;
        }
        waiting = left
            .into_iter()
            .map(|(path, definition, _)| (path, definition))
            .collect();
    }
}

fn register(registry: &mut Registry, name: &str, node: Arc<dyn Node>) -> Result<()> {
    if registry.find(name).is_some() {
        let message = format!("the name {name:?} is taken");
        return Err(Error::new(Kind::Configuration, message)
            .with_help("give the workflow another name; what was registered first stays"));
    }
    registry.register(node)
}
