//! What writing costs with `enable_changes` off and on, on both databases.
//!
//! ```sh
//! cargo bench -p benches --bench changes [PART OF A NAME …]
//! ```
//!
//! PostgreSQL is the server of `TEST_DATABASE_URL`; fresh databases are made on it.

use std::cell::Cell;
use std::path::Path;

use benches::people::{Person, people, person, runtime};
use benches::race::Race;
use dataflow::{DataFlow, Repository};
use private_postgres::{Database, test_database_url};
use tokio::runtime::Runtime;

/// How many rows a bulk has.
const MANY: i64 = 10_000;

/// How many single rows a lap writes.
const SINGLE: i64 = 100;

fn main() {
    let folder = std::env::temp_dir().join(format!("changes-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("there is room for two files");
    let [off, on] = ["off", "on"].map(|name| sqlite(&folder, name));
    of_database(
        &[
            "sqlite: 100 creates, one by one",
            "sqlite: 100 updates, one by one",
            "sqlite: bulk_create of 10,000 rows",
            "sqlite: update of 10,000 rows in one statement",
        ],
        &off,
        &on,
    );
    let [off, on] = [(); 2].map(|()| Database::create(&test_database_url()));
    of_database(
        &[
            "postgres: 100 creates, one by one",
            "postgres: 100 updates, one by one",
            "postgres: bulk_create of 10,000 rows",
            "postgres: update of 10,000 rows in one statement",
        ],
        off.url(),
        on.url(),
    );
    // What is left stands in a folder for what is left.
    let _ = std::fs::remove_dir_all(&folder);
}

fn sqlite(folder: &Path, name: &str) -> String {
    format!("sqlite://{}", folder.join(name).display())
}

/// The races of one database, by their names.
fn of_database([create, update, many, all]: &[&'static str; 4], off: &str, on: &str) {
    let runtime = runtime();
    let [off, on] =
        [(off, false), (on, true)].map(|(url, is_on)| Writer::open(&runtime, url, is_on));
    race(create, 15, [&off, &on], Writer::create);
    race(update, 15, [&off, &on], Writer::update);
    race(many, 7, [&off, &on], Writer::create_many);
    race(all, 7, [&off, &on], Writer::update_all);
}

fn race<'r>(name: &'static str, rounds: usize, [off, on]: [&Writer<'r>; 2], lap: fn(&Writer<'r>)) {
    Race::new(name, rounds, 1)
        .prepared("changes off", || off.empty(), || lap(off))
        .prepared("changes on", || on.empty(), || lap(on))
        .run();
}

/// Whoever writes to one database.
struct Writer<'r> {
    runtime: &'r Runtime,
    database: DataFlow,
    people: Repository<Person>,
    is_followed: bool,
    next: Cell<i64>,
}

impl<'r> Writer<'r> {
    fn open(runtime: &'r Runtime, url: &str, is_followed: bool) -> Self {
        let builder = DataFlow::builder(url).environment([("", ""); 0]);
        let builder = builder.model::<Person>().enable_changes(is_followed);
        let database = builder.open().expect("a fresh database opens");
        Self {
            runtime,
            people: database.repository().expect("the model is registered"),
            database,
            is_followed,
            next: Cell::new(MANY),
        }
    }

    /// Leaves [`MANY`] rows, and nothing that a round before wrote down.
    fn empty(&self) {
        let clear = async {
            self.database.sql("DELETE FROM people").execute().await?;
            self.people.bulk_load(&people(0..MANY)).await?;
            if self.is_followed {
                self.database
                    .sql("DELETE FROM dataflow_changes")
                    .execute()
                    .await?;
            }
            Ok::<_, dataflow::Error>(())
        };
        self.runtime.block_on(clear).expect("rows come and go");
    }

    fn keys(&self, count: i64) -> std::ops::Range<i64> {
        let first = self.next.get();
        self.next.set(first + count);
        first..first + count
    }

    fn create(&self) {
        let keys = self.keys(SINGLE);
        self.runtime.block_on(async {
            for id in keys {
                self.people
                    .create(&person(id))
                    .await
                    .expect("a row goes in");
            }
        });
    }

    fn update(&self) {
        self.runtime.block_on(async {
            for id in 0..SINGLE {
                self.people
                    .update(&person(id))
                    .await
                    .expect("a row is there");
            }
        });
    }

    fn create_many(&self) {
        let rows = people(self.keys(MANY));
        let created = self.runtime.block_on(self.people.bulk_create(&rows));
        created.expect("the rows go in");
    }

    fn update_all(&self) {
        let update = self.database.sql("UPDATE people SET age = age + 1");
        let updated = self.runtime.block_on(update.execute());
        updated.expect("the rows are there");
    }
}
