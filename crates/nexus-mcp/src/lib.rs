//! The MCP channel of Nexus: every operation of the registry as a tool, and every model, row and
//! workflow as a resource, over streamable HTTP at `/mcp`.
//!
//! The protocol is rmcp's; what stands here is the translation. Revision 2026-07-28 is served
//! without sessions, older revisions beside it. A channel holds no state between requests, so any
//! replica may answer any of them; whoever listens for changes of rows does so in one long request.
//!
//! ```text
//! request ─ envelope (is it JSON-RPC?) ─ rmcp ─ Server ─┬ tools/list   ← Tool per Operation
//!                                                       ├ tools/call   → Dispatch::call → Output
//!                                                       ├ resources/*  ← models, rows, workflows
//!                                                       └ subscriptions/listen ← Source::changes
//! ```
//!
//! ```
//! use std::sync::Arc;
//!
//! use nexus_core::http::HostRule;
//! use nexus_core::workflow::handler;
//! use nexus_core::{Channel, Dispatch, Registry};
//! use nexus_mcp::McpChannel;
//!
//! let ping = handler("ping", async || -> nexus_core::Result<&str> { Ok("pong") })?;
//! let mut registry = Registry::new();
//! registry.register(Arc::new(ping))?;
//!
//! let dispatch = Dispatch::new(registry);
//! dispatch.open();
//! let router: axum::Router = McpChannel::new(HostRule::Loopback).router(dispatch);
//! # let _ = router;
//! # Ok::<(), nexus_core::Error>(())
//! ```
//!
//! The router answers `POST /mcp`: it lists the tool `ping`, and calls it.

mod call;
mod channel;
mod envelope;
mod failure;
mod listen;
mod output;
mod page;
mod resource;
mod server;
mod tool;
mod transport;

pub use channel::McpChannel;
