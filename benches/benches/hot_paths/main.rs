//! The operations of a repository beside the drivers they go through, in one process and one run;
//! with the feature `rivals` beside sea-orm, diesel-async and tokio-postgres as well.
//!
//! ```sh
//! cargo bench -p benches --features rivals --bench hot_paths [PART OF A NAME …]
//! ```
//!
//! PostgreSQL is the server of `TEST_DATABASE_URL`; a fresh database is made on it.

#[cfg(feature = "rivals")]
mod diesel;
mod growth;
mod measured;
mod postgres;
#[cfg(feature = "rivals")]
mod sea_orm;
mod sqlite;

fn main() {
    sqlite::run();
    postgres::run();
}
