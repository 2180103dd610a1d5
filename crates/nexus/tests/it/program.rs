//! The example programs as processes of their own: started, asked over their ports, stopped.
//!
//! What stands here is what a user relies on, whatever the crates look like inside.

/// Starts that must fail: one error, exit code 1, and nothing created.
mod bad_starts;
/// A small HTTP and MCP client that knows nothing of this code.
mod client;
/// `/docs`: the OpenAPI document as a page.
mod docs;
/// Faults of the systems this replaces, by their numbers, shown absent.
mod faults;
/// HTTP and MCP are doors to the same rows.
mod mcp;
/// Migrations by an application's own command line.
mod migrate;
/// `/openapi.json` and the router are one list.
mod openapi;
/// The commands that a start prints can be pasted.
mod pasted;
/// A child process, and what it printed.
mod process;
/// `production`: the seed's example.
mod production;
/// `quickstart`: rows, pages, workflows and handlers over HTTP.
mod quickstart;
/// Inputs that are refused, each as a problem document.
mod refusals;
/// Many processes that start at once on an empty database.
mod replicas;
/// Stopping and starting again.
mod restart;
/// Passwords reach no text.
mod secrets;
/// A directory and a database for one test.
mod setup;
