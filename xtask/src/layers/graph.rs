//! Who depends on whom, by name.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cargo_metadata::{DependencyKind, Metadata};

use crate::Result;

/// The normal dependencies of the workspace's packages and of everything below them. Versions of
/// one package are one node: the rules speak of names.
#[derive(Default)]
pub(super) struct Graph {
    /// The packages of the workspace.
    pub(super) members: BTreeSet<String>,
    /// The direct normal dependencies of each package.
    pub(super) dependencies: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Reads the graph from what cargo resolved. Dependencies of tests and of build scripts are
    /// left out: they do not reach a user.
    pub(super) fn of(metadata: &Metadata) -> Result<Graph> {
        let resolve = metadata
            .resolve
            .as_ref()
            .ok_or("cargo metadata resolved no dependencies")?;
        let members = metadata.workspace_packages();
        let mut graph = Graph {
            members: members
                .iter()
                .map(|package| package.name.to_string())
                .collect(),
            ..Graph::default()
        };
        for node in &resolve.nodes {
            let normal = node
                .deps
                .iter()
                .filter(|dependency| {
                    dependency
                        .dep_kinds
                        .iter()
                        .any(|info| info.kind == DependencyKind::Normal)
                })
                .map(|dependency| metadata[&dependency.pkg].name.to_string());
            graph
                .dependencies
                .entry(metadata[&node.id].name.to_string())
                .or_default()
                .extend(normal);
        }
        Ok(graph)
    }

    /// The shortest way down from `package` to `below`, both ends included.
    pub(super) fn way_down(&self, package: &str, below: &str) -> Option<Vec<&str>> {
        let (start, _) = self.dependencies.get_key_value(package)?;
        let mut seen = BTreeSet::from([start.as_str()]);
        let mut ways = VecDeque::from([vec![start.as_str()]]);
        while let Some(way) = ways.pop_front() {
            let last = way[way.len() - 1];
            if last == below {
                return Some(way);
            }
            for next in self.dependencies.get(last).into_iter().flatten() {
                if seen.insert(next) {
                    ways.push_back([way.as_slice(), &[next]].concat());
                }
            }
        }
        None
    }
}
