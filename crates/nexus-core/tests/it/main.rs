//! The HTTP door over real sockets, in front of a source that keeps its rows in memory.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

/// A source whose rows live in a map.
mod memory;

/// A client that sends what it is told, byte by byte if need be.
mod client;

/// A server on a free port, stopped when dropped.
mod server;

/// Create, read, update, replace, delete, list.
mod rows;

/// Every input behaviour of the contract.
mod inputs;

/// Slow, silent and partial clients; many of them; the end of the server.
mod connections;

/// Workflows and handlers.
mod workflows;

/// Probes, metrics and the OpenAPI document.
mod operators;

/// Workflow definition files.
mod discovery;
