//! One suite for both databases, over [`setup`].

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod models;
mod setup;

// What a synchronization makes, and that it makes it once.
mod create;
// What a model declares comes back equal, and so is made once.
mod declared;
// What a second version of the models does to the tables of the first.
mod change;
// Renames, drops, other types: what a policy allows, and who is left alone.
mod evolve;
// Any edit of any models is made, or refused without a trace.
mod edits;
// Tables of SQLite that are written anew.
mod rebuild;
// Changes of PostgreSQL tables that others use meanwhile.
mod online;
// How long others wait behind a migration that waits itself.
mod queue;
// Changes by way of PgBouncer in transaction mode.
mod pooler;
// What is never done to a million rows unless it is approved.
mod million;
// What reading many tables costs.
mod catalogue;
// What is recognized in tables that were made by hand.
mod inspect;
// Models for tables that were made by hand.
mod adopt;
// Changes of rows that are written down by whatever makes them.
mod feed;
// Rows that the database shows to their tenant alone.
mod row_security;
// What a database keeps of its own when it is made like another.
mod imitate;
// Tables of PostgreSQL in schemas that their models name.
mod schemas;
// What drift is noticed, and what it is not.
mod drift;
// What each option means.
mod options;
// Many programs at once, and the lock between them.
mod replicas;
// Where the executor may be called.
mod runtimes;
// The example program that migrates and ends, really started.
mod migration_job;
// Reaching a server: logins, deadlines and TLS.
mod connect;
// Names as long as a database keeps them, and longer.
mod names;
// Changes for which there is no room.
mod full_disk;
// Files and roles that may not be written to, and failures half-way.
mod refusals;
