//! One suite for both databases, over [`setup`].

mod models;
mod setup;

// What a synchronization makes, and that it makes it once.
mod create;
