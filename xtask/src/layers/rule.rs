//! The rules themselves, as two tables, and the function that applies them.

use super::graph::Graph;

/// Each package of the workspace, and the others it may import.
#[rustfmt::skip]
const ARROWS: &[(&str, &[&str])] = &[
    ("dataflow-core",     &["dataflow-derive"]),
    ("dataflow-derive",   &[]),
    ("dataflow-ddl-sync", &["dataflow-core"]),
    ("dataflow",          &["dataflow-core", "dataflow-ddl-sync"]),
    ("dataflow-workflow", &["dataflow-core"]),
    ("nexus-core",        &["dataflow-core", "dataflow-workflow"]),
    ("nexus-mcp",         &["dataflow-core", "nexus-core"]),
    ("nexus",             &["dataflow-core", "nexus-core", "nexus-mcp"]),
    ("nexus-cli",         &["dataflow", "dataflow-core", "dataflow-ddl-sync", "nexus"]),
    ("private-postgres",  &[]),
    ("starts",            &["dataflow-core", "dataflow-ddl-sync"]),
    ("xtask",             &["private-postgres"]),
    ("benches",           &["dataflow", "dataflow-core", "dataflow-ddl-sync", "nexus"]),
];

/// What must not be anywhere below some packages.
struct Ban {
    packages: &'static [&'static str],
    /// Names; one that ends in `*` stands for all that begin so.
    below: &'static [&'static str],
    reason: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        packages: &["nexus-core", "nexus-mcp", "nexus"],
        below: &[
            "postgres",
            "tokio-postgres",
            "sqlx*",
            "rusqlite",
            "libsqlite3-sys",
            "diesel",
            "sea-orm",
        ],
        reason: "Nexus knows no database driver",
    },
    Ban {
        packages: &["dataflow-core", "dataflow-ddl-sync", "dataflow"],
        below: &["axum", "hyper", "rmcp"],
        reason: "DataFlow knows no protocol",
    },
    Ban {
        packages: &["dataflow-core"],
        below: &["tokio"],
        reason: "the foundation starts no runtime",
    },
];

/// What breaks a rule, each as one line that names the edge and the rule.
pub(super) fn violations(graph: &Graph) -> Vec<String> {
    [arrows_point_down(graph), bans_are_kept(graph)].concat()
}

fn arrows_point_down(graph: &Graph) -> Vec<String> {
    let mut violations = Vec::new();
    for member in &graph.members {
        let Some((_, allowed)) = ARROWS.iter().find(|(package, _)| package == member) else {
            violations.push(format!(
                "{member}: has no row in the table of arrows (xtask/src/layers/rule.rs)"
            ));
            continue;
        };
        let imports = graph.dependencies.get(member).into_iter().flatten();
        for import in imports.filter(|import| graph.members.contains(*import)) {
            if !allowed.contains(&import.as_str()) {
                let allowed = if allowed.is_empty() {
                    "nothing of this workspace".to_owned()
                } else {
                    allowed.join(", ")
                };
                violations.push(format!(
                    "{member} -> {import}: {member} may import {allowed}"
                ));
            }
        }
    }
    violations
}

fn bans_are_kept(graph: &Graph) -> Vec<String> {
    let mut violations = Vec::new();
    for ban in BANS {
        for package in ban.packages {
            let banned = graph
                .dependencies
                .keys()
                .filter(|name| ban.below.iter().any(|pattern| matches(pattern, name)));
            for way in banned.filter_map(|name| graph.way_down(package, name)) {
                violations.push(format!("{}: {}", way.join(" -> "), ban.reason));
            }
        }
    }
    violations
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Builds a graph from arrows between packages, those of the workspace first, and expects
    /// these violations.
    #[track_caller]
    fn check(members: &[&str], arrows: &[(&str, &str)], expected: &[&str]) {
        let mut graph = Graph {
            members: members.iter().map(|member| (*member).to_owned()).collect(),
            ..Graph::default()
        };
        for (from, to) in arrows {
            graph
                .dependencies
                .entry((*from).to_owned())
                .or_default()
                .insert((*to).to_owned());
            graph.dependencies.entry((*to).to_owned()).or_default();
        }
        assert_eq!(violations(&graph), expected);
    }

    #[test]
    fn an_allowed_arrow_passes() {
        check(
            &["dataflow", "dataflow-core"],
            &[("dataflow", "dataflow-core"), ("dataflow", "tokio")],
            &[],
        );
    }

    #[test]
    fn a_forbidden_arrow_is_named_with_what_is_allowed() {
        check(
            &["dataflow", "nexus-core", "dataflow-core"],
            &[("nexus-core", "dataflow"), ("nexus-core", "dataflow-core")],
            &["nexus-core -> dataflow: nexus-core may import dataflow-core, dataflow-workflow"],
        );
        check(
            &["dataflow", "private-postgres"],
            &[("dataflow", "private-postgres")],
            &["dataflow -> private-postgres: dataflow may import dataflow-core, dataflow-ddl-sync"],
        );
    }

    #[test]
    fn a_package_without_a_row_is_refused() {
        check(
            &["newcomer"],
            &[],
            &["newcomer: has no row in the table of arrows (xtask/src/layers/rule.rs)"],
        );
    }

    #[test]
    fn a_driver_below_nexus_is_found_however_deep() {
        check(
            &["nexus-core"],
            &[
                ("nexus-core", "store"),
                ("store", "cache"),
                ("cache", "sqlx-sqlite"),
                ("store", "tokio"),
            ],
            &["nexus-core -> store -> cache -> sqlx-sqlite: Nexus knows no database driver"],
        );
    }

    #[test]
    fn a_protocol_or_a_runtime_below_the_foundation_is_found() {
        check(
            &["dataflow-core"],
            &[
                ("dataflow-core", "tokio"),
                ("dataflow-core", "client"),
                ("client", "hyper"),
            ],
            &[
                "dataflow-core -> client -> hyper: DataFlow knows no protocol",
                "dataflow-core -> tokio: the foundation starts no runtime",
            ],
        );
    }

    #[test]
    fn each_banned_package_has_a_row() {
        let rows: BTreeSet<_> = ARROWS.iter().map(|(package, _)| package).collect();
        assert!(
            BANS.iter()
                .flat_map(|ban| ban.packages)
                .all(|package| rows.contains(package))
        );
    }
}
