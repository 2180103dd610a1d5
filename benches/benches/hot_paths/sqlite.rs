//! SQLite: the repository beside rusqlite.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use benches::people::{self, Person, ROWS, people, person, sqlite_by_hand};
use benches::race::Race;
use dataflow::Repository;
use rusqlite::Connection;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::{growth, measured};

const SELECT: &str = "SELECT id, name, email, age FROM people WHERE id = ?1";
const LIST: &str = "SELECT id, name, email, age FROM people ORDER BY id LIMIT ?1";
const INSERT: &str = "INSERT INTO people (id, name, email, age) VALUES (?1, ?2, ?3, ?4) \
                      RETURNING id, name, email, age";
/// The rows that are inserted and deleted again.
const NEW: std::ops::Range<i64> = 1_000_000..1_001_000;
const TASKS: i64 = 32;
const ROWS_OF_A_TASK: i64 = 100;

pub(super) fn run() {
    let file = File::new();
    let runtime = people::runtime();
    let repository = people::open(&file.url());
    people::fill(&runtime, &repository);
    read_by_key(&runtime, &repository, &file.0);
    read_all(&runtime, &repository, &file.0);
    insert(&runtime, &repository, &file.0);
    insert_from_many_tasks(&runtime, &repository, &file);
    let names = ["sqlite pages of 20 rows", "sqlite read by key, by models"];
    growth::run(&runtime, &file.url(), names);
    let names = [
        "sqlite read by key, measured, CPU",
        "sqlite read 10000 rows, measured, CPU",
    ];
    measured::run(&runtime, &file.url(), names);
}

/// A database that is there as long as this is.
struct File(PathBuf);

impl File {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("dataflow-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder is made");
        Self(folder.join("bench.db"))
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.display())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = self.0.parent().map(std::fs::remove_dir_all);
    }
}

fn of_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        name: row.get(1)?,
        email: row.get(2)?,
        age: row.get(3)?,
    })
}

fn read_one(connection: &Connection, id: i64) -> Person {
    let mut select = connection.prepare_cached(SELECT).expect("it is SQL");
    select.query_row([id], of_row).expect("the row is there")
}

fn read_by_key(runtime: &Runtime, repository: &Repository<Person>, path: &Path) {
    let asks = one_hop(path);
    let mut ids = (0..ROWS).cycle().step_by(7);
    let mut others = ids.clone();
    Race::new("sqlite read by key", 100, 500)
        .contender("one hop by hand", || {
            let (answer, answered) = oneshot::channel();
            let id = ids.next().expect("it never ends");
            asks.send((id, answer)).expect("the thread is there");
            black_box(runtime.block_on(answered).expect("it answers"));
        })
        .contender("repository", || {
            let id = others.next().expect("it never ends");
            black_box(runtime.block_on(repository.read(&id)).expect("it is there"));
        })
        .run();
}

/// A thread that owns a connection and is asked over a channel: one hop there, one back.
fn one_hop(path: &Path) -> crossbeam_channel::Sender<(i64, oneshot::Sender<Person>)> {
    let connection = sqlite_by_hand(path);
    let (asks, asked) = crossbeam_channel::unbounded::<(i64, oneshot::Sender<Person>)>();
    std::thread::spawn(move || {
        while let Ok((id, answer)) = asked.recv() {
            let _ = answer.send(read_one(&connection, id));
        }
    });
    asks
}

fn read_all(runtime: &Runtime, repository: &Repository<Person>, path: &Path) {
    let by_hand = sqlite_by_hand(path);
    Race::new("sqlite read 10000 rows", 100, 5)
        .contender("rusqlite", || {
            let mut list = by_hand.prepare_cached(LIST).expect("it is SQL");
            let rows = list.query_map([ROWS], of_row).expect("it runs");
            let rows: rusqlite::Result<Vec<Person>> = rows.collect();
            black_box(rows.expect("every row is read"));
        })
        .contender("repository", || {
            let list = repository.query().limit(ROWS as usize).list();
            black_box(runtime.block_on(list).expect("it runs").rows);
        })
        .run();
}

fn insert(runtime: &Runtime, repository: &Repository<Person>, path: &Path) {
    let by_hand = sqlite_by_hand(path);
    let new = people(NEW);
    let keys: Vec<i64> = NEW.collect();
    let forget = || {
        runtime.block_on(async { repository.bulk_delete(&keys).await.expect("they go") });
    };
    runtime
        .block_on(repository.bulk_create(&new))
        .expect("they go in");
    Race::new("sqlite insert 1000 rows", 60, 1)
        .prepared("rusqlite in one transaction", forget, || {
            let transaction = by_hand.unchecked_transaction().expect("it begins");
            {
                let mut insert = transaction.prepare_cached(INSERT).expect("it is SQL");
                for person in &new {
                    let values = (person.id, &person.name, &person.email, person.age);
                    black_box(insert.query_row(values, of_row).expect("it goes in"));
                }
            }
            transaction.commit().expect("it commits");
        })
        .prepared("bulk_create", forget, || {
            let rows = runtime.block_on(repository.bulk_create(&new));
            black_box(rows.expect("they go in"));
        })
        .prepared("bulk_load, no rows back", forget, || {
            let rows = runtime.block_on(repository.bulk_load(&new));
            black_box(rows.expect("they go in"));
        })
        .run();
    forget();
}

fn insert_from_many_tasks(runtime: &Runtime, repository: &Repository<Person>, file: &File) {
    let keys = std::cell::RefCell::new((2_000_000..).step_by((TASKS * ROWS_OF_A_TASK) as usize));
    let next = || keys.borrow_mut().next().expect("it never ends");
    let race = Race::new("sqlite insert, 32 tasks, 100 rows each", 20, 1);
    #[cfg(feature = "rivals")]
    let race = {
        let pool = sqlx_pool(runtime, file);
        race.contender("sqlx pool", move || {
            let first = next();
            let tasks = (0..TASKS).map(|task| {
                let pool = pool.clone();
                runtime.spawn(async move {
                    for id in 0..ROWS_OF_A_TASK {
                        let new = person(first + task * ROWS_OF_A_TASK + id);
                        let insert = sqlx::query_as(INSERT)
                            .bind(new.id)
                            .bind(new.name)
                            .bind(new.email)
                            .bind(new.age);
                        let row: (i64, String, String, i32) =
                            insert.fetch_one(&pool).await.expect("it goes in");
                        black_box(row);
                    }
                })
            });
            finish(runtime, tasks);
        })
    };
    #[cfg(not(feature = "rivals"))]
    let _ = file;
    race.contender("repository", || {
        let first = next();
        let tasks = (0..TASKS).map(|task| {
            let repository = repository.clone();
            runtime.spawn(async move {
                for id in 0..ROWS_OF_A_TASK {
                    let new = person(first + task * ROWS_OF_A_TASK + id);
                    black_box(repository.create(&new).await.expect("it goes in"));
                }
            })
        });
        finish(runtime, tasks);
    })
    .run();
}

fn finish(runtime: &Runtime, tasks: impl Iterator<Item = tokio::task::JoinHandle<()>>) {
    for task in tasks.collect::<Vec<_>>() {
        runtime.block_on(task).expect("it ends");
    }
}

/// As its documentation advises: write-ahead log, waiting for a lock.
#[cfg(feature = "rivals")]
fn sqlx_pool(runtime: &Runtime, file: &File) -> sqlx::SqlitePool {
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

    let options = SqliteConnectOptions::new()
        .filename(&file.0)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(std::time::Duration::from_secs(30));
    let pool = sqlx::SqlitePool::connect_with(options);
    runtime.block_on(pool).expect("the file opens")
}
