//! Nexus as an application uses it: registered once, started, asked over real ports, stopped.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod client;
mod doors;
mod embedding;
mod mistakes;
mod probe;
mod starting;
mod stopping;
