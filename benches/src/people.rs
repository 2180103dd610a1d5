//! One table of people, which every benchmark of reading and writing rows uses.

use std::path::Path;

use dataflow::{DataFlow, Model, Repository};
use tokio::runtime::Runtime;

/// How many rows [`fill`] writes, with the keys from 0.
pub const ROWS: i64 = 10_000;

/// A person.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "people")]
pub struct Person {
    /// Chosen by whoever writes it.
    #[model(primary_key, client_key)]
    pub id: i64,
    /// A short text.
    pub name: String,
    /// Another one.
    pub email: String,
    /// In years.
    pub age: i32,
}

/// The person of a key.
pub fn person(id: i64) -> Person {
    Person {
        id,
        name: format!("name of {id}"),
        email: format!("{id}@example.org"),
        age: (id % 90) as i32,
    }
}

/// The people of some keys.
pub fn people(ids: std::ops::Range<i64>) -> Vec<Person> {
    ids.map(person).collect()
}

/// A runtime with as many threads as every contender gets.
///
/// # Panics
///
/// When the system gives no thread.
pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
}

/// The repository of a fresh database.
///
/// # Panics
///
/// When it does not open.
pub fn open(url: &str) -> Repository<Person> {
    let database = DataFlow::builder(url)
        .environment([("", ""); 0])
        .model::<Person>()
        .open()
        .expect("a fresh database opens");
    database.repository().expect("the model is registered")
}

/// Writes [`ROWS`] people.
///
/// # Panics
///
/// When the database refuses them.
pub fn fill(runtime: &Runtime, repository: &Repository<Person>) {
    let rows = people(0..ROWS);
    let load = repository.bulk_load(&rows);
    runtime.block_on(load).expect("the rows go in");
}

/// A connection of rusqlite with the settings that a server has.
///
/// # Panics
///
/// When the file does not open.
pub fn sqlite_by_hand(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).expect("the file opens");
    for (name, value) in [("journal_mode", "WAL"), ("synchronous", "NORMAL")] {
        let set = connection.pragma_update_and_check(None, name, value, |_| Ok(()));
        // `synchronous` gives no row.
        let _ = set;
    }
    connection
}
