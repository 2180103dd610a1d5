//! The MCP channel over a real port, as clients of each revision speak to it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod bookshelf;
mod cancellation;
mod client;
mod portability;
mod refusals;
mod resources;
mod revisions;
