//! Nexus as an application uses it: registered once, started, asked over real ports, stopped.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod audit;
mod changes;
mod client;
mod composite;
mod databases;
mod discovery;
mod doors;
mod embedding;
mod errors;
mod events;
mod example;
mod fresh;
mod hooks;
mod listening;
mod lists;
mod local_times;
mod many;
mod metrics;
mod mistakes;
mod models;
mod places;
mod probe;
mod program;
mod relations;
#[cfg(feature = "cli")]
mod shell;
mod starting;
mod stopping;
mod tenants;
mod triggers;
mod validation;
mod versions;
mod waiting;
