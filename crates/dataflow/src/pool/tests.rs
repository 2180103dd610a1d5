//! One suite over every database, and what only one of them promises.

mod collect;
mod every_database;
mod postgres;
mod setup;
mod sqlite;
