//! What it costs to look after a schema of many tables: recognizing that nothing changed, and
//! reading the catalogue; with the feature `rivals` beside sea-orm's schema sync.
//!
//! ```sh
//! cargo bench -p benches --features rivals --bench schema [PART OF A NAME …]
//! ```
//!
//! PostgreSQL is the server of `TEST_DATABASE_URL`; a fresh database is made on it, and nobody asks
//! it whether it encrypts, which is a round trip. Making the tables is measured by
//! `cargo xtask bench-startup --models 300`.

#[cfg(feature = "rivals")]
mod sea_orm;

use std::hint::black_box;

use benches::models;
use benches::race::Race;
use dataflow_core::SchemaSet;
use dataflow_core::ddl::{DriftCheck, Outcome, SyncOptions};
use dataflow_core::schema::TableName;
use dataflow_ddl_sync::SyncDDLExecutor;
use postgres::{Client, NoTls};
use private_postgres::{Database, test_database_url};

const TABLES: usize = 300;

/// What somebody would ask who needs the columns, constraints and indexes of all tables.
const CATALOGUE: &str = include_str!("catalogue.sql");

fn main() {
    let database = Database::create(&test_database_url());
    let url = &format!("{}?sslmode=disable", database.url());
    let executor = SyncDDLExecutor::new(url.parse().expect("it is a URL"));
    let schema_set = models(TABLES).validated().expect("the models are right");
    synchronize(&executor, &schema_set, DriftCheck::Probe);
    unchanged(url, &executor, &schema_set);
    inspect(url, &executor);
}

fn synchronize(executor: &SyncDDLExecutor, schema_set: &SchemaSet, drift_check: DriftCheck) {
    let options = SyncOptions {
        drift_check,
        ..SyncOptions::default()
    };
    let ready = executor.synchronize(schema_set, &options);
    black_box(ready.expect("the tables are made"));
}

fn connect(url: &str) -> Client {
    Client::connect(url, NoTls).expect("the server answers")
}

fn unchanged(url: &str, executor: &SyncDDLExecutor, schema_set: &SchemaSet) {
    let ready = executor.synchronize(schema_set, &SyncOptions::default());
    assert_eq!(
        ready.expect("nothing is wrong").outcome(),
        Outcome::Unchanged
    );
    Race::new("postgres unchanged schema of 300 tables", 40, 1)
        .contender("connect and SELECT 1", || {
            black_box(connect(url).simple_query("SELECT 1").expect("it runs"));
        })
        .contender("fingerprint", || {
            synchronize(executor, schema_set, DriftCheck::Fingerprint);
        })
        .contender("probe", || {
            synchronize(executor, schema_set, DriftCheck::Probe);
        })
        .contender("full comparison", || {
            synchronize(executor, schema_set, DriftCheck::Full);
        })
        .run();
    #[cfg(feature = "rivals")]
    {
        let sea_orm = sea_orm::SeaOrm::connect(url);
        Race::new("postgres unchanged schema of 300 tables, sea-orm", 2, 1)
            .contender("schema sync of one entity", || sea_orm.sync())
            .run();
    }
}

fn inspect(url: &str, executor: &SyncDDLExecutor) {
    let tables: Vec<TableName> = (0..TABLES)
        .map(|number| format!("model{number}s").into())
        .collect();
    Race::new("postgres catalogue of 300 tables", 30, 1)
        .contender("one query by hand", || {
            let rows = connect(url).query(CATALOGUE, &[]).expect("it runs");
            let tables = rows.iter().map(|row| row.get::<_, String>(1));
            let tables: usize = tables.map(|text| text.len()).sum();
            black_box(tables);
        })
        .contender("inspect", || {
            let found = executor.run(|session| session.inspect(&tables));
            let found = found.expect("it is read");
            assert_eq!(found.tables.len(), TABLES);
            black_box(found);
        })
        .run();
}
