//! One suite over every database, and what only one of them promises.

mod collect;
mod dropped;
mod every_database;
mod faults;
mod postgres;
mod proxy;
mod replicas;
mod setup;
mod sqlite;
