//! Workflow: a validated graph of nodes, and the runtime that executes it.
//!
//! A workflow joins nodes: the operations of models, handlers, other workflows. It is told piece by
//! piece, checked as a whole when it is built, and is itself a node under the name it is offered by.
//!
//! ```text
//! WorkflowBuilder ─check→ Workflow ─named→ Node        what one node gives feeds the next;
//! Definition (a file) ─build→ ┘                        what waits for nothing runs at once
//! ```
//!
//! Inputs of nodes are fed by constants, by inputs of the workflow (`inputs.email`) and by outputs
//! of other nodes (`user.id`):
//!
//! ```
//! use dataflow_core::Result;
//! use dataflow_core::node::Context;
//! use dataflow_workflow::{Workflow, handler};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize, JsonSchema)]
//! struct NewUser {
//!     email: String,
//! }
//!
//! #[derive(Serialize, JsonSchema)]
//! struct User {
//!     id: u32,
//!     email: String,
//! }
//!
//! #[derive(Deserialize, Serialize, JsonSchema)]
//! struct Post {
//!     author_id: u32,
//!     title: String,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let user_create = handler("user_create", async |input: NewUser| -> Result<User> {
//!     Ok(User { id: 7, email: input.email })
//! })?;
//! let post_create = handler("post_create", async |input: Post| -> Result<Post> { Ok(input) })?;
//!
//! let workflow = Workflow::builder()
//!     .description("Creates a user and a first post")
//!     .node("user", user_create)
//!     .node("post", post_create)
//!     .set("post", "title", "Hello")
//!     .connect("inputs.email", "user.email")
//!     .connect("user.id", "post.author_id")
//!     .build()?;
//!
//! let inputs = serde_json::from_str(r#"{"email": "ann@example.org"}"#).expect("this is JSON");
//! let outputs = workflow.run(&Context::default(), inputs).await?;
//!
//! assert_eq!(workflow.input().required_names(), ["email"]);
//! assert_eq!(outputs["post"]["author_id"], 7);
//! # Ok(())
//! # }
//! ```

mod binding;
mod builder;
mod check;
mod circle;
mod file;
mod graph;
mod handler;
mod interface;
mod mistake;
mod run;
mod transaction;
mod workflow;

pub use builder::WorkflowBuilder;
pub use file::{Definition, Format};
pub use handler::{Handler, HandlerFunction, handler};
pub use mistake::Mistake;
pub use workflow::{Workflow, WorkflowNode};
