//! A private server starts, answers, and is gone afterwards. Needs PostgreSQL's programs only.

#![allow(
    clippy::unwrap_used,
    reason = "clippy knows test functions, not the functions they share"
)]

mod cluster;
mod database;
mod pooler;
mod tls;
