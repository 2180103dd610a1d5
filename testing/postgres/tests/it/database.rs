//! The life of a database.

use postgres::{Client, NoTls};
use private_postgres::{Cluster, Database, Settings};

#[test]
fn a_database_is_dropped_with_its_value_even_while_somebody_is_connected() {
    let cluster = Cluster::start(Settings::default()).unwrap();
    let database = Database::create(cluster.url());
    let other = Database::create(cluster.url());
    assert_ne!(database.name(), other.name());

    let mut client = Client::connect(database.url(), NoTls).unwrap();
    let name: String = client
        .query_one("SELECT current_database()::text", &[])
        .unwrap()
        .get(0);
    assert_eq!(name, database.name());

    drop(database);
    let mut admin = Client::connect(cluster.url(), NoTls).unwrap();
    let left = admin
        .query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .unwrap();
    assert!(left.is_empty());
}

#[test]
fn everything_works_inside_an_async_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let cluster = Cluster::start(Settings::default()).unwrap();
        let database = Database::create(cluster.url());
        assert!(database.url().ends_with(database.name()));
    });
}
