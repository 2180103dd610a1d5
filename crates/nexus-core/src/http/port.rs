//! A port: what clients that nobody trusts send, turned into requests for a router, whichever door
//! that belongs to.
//!
//! ```text
//! Listener ─ accept ─ connection ─┬─ stream    deadlines, and a problem where hyper has no words
//!            drain                └─ front     limits of heads and bodies ─→ router
//! ```

mod accept;
mod activity;
mod alarm;
mod answered;
mod connection;
mod limits;
mod listener;
mod refusal;
mod request_body;
mod stream;

pub use accept::serve;
pub use limits::Limits;
pub use listener::Listener;
pub(super) use request_body::BodyFault;
