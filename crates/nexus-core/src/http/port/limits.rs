//! How much, and for how long, a port takes from one client.

use std::time::Duration;

/// How much, and for how long, a port takes from one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Open connections; further ones wait in the listen queue.
    pub connections: usize,
    /// Bytes of path and query.
    pub url_bytes: usize,
    /// Bytes of all headers; there are at most 100 of them.
    pub header_bytes: usize,
    /// Bytes of a body.
    pub body_bytes: usize,
    /// How long a new connection may stay silent.
    pub first_byte: Duration,
    /// How long a request's head may take once it has begun.
    pub head: Duration,
    /// How long a request's body may take.
    pub body: Duration,
    /// How long a connection may rest between two requests.
    pub idle: Duration,
    /// How long a client may refuse to take what is written to it.
    pub write: Duration,
    /// How long requests in flight may take to finish when the server stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4_096,
            url_bytes: 8 * 1024,
            header_bytes: 16 * 1024,
            body_bytes: 1024 * 1024,
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            idle: Duration::from_secs(75),
            write: Duration::from_secs(30),
            drain: Duration::from_secs(30),
        }
    }
}
