//! Real processes: many at once, and one that is killed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

/// `kill -9` at every statement boundary.
mod kill;
/// Many programs that start together.
mod replicas;
/// A database of one's own, and the program.
mod setup;
