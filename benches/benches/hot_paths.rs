//! The operations of a repository beside the drivers they go through, in one process and one run.
//!
//! PostgreSQL is the server of `TEST_DATABASE_URL`; a fresh database is made on it.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use dataflow::{DataFlow, Model, Repository};
use private_postgres::{Database, test_database_url};
use rusqlite::Connection as Sqlite;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "people")]
struct Person {
    #[model(primary_key, client_key)]
    id: i64,
    name: String,
    email: String,
    age: i32,
}

const ROWS: i64 = 10_000;

fn person(id: i64) -> Person {
    Person {
        id,
        name: format!("name of {id}"),
        email: format!("{id}@example.org"),
        age: (id % 90) as i32,
    }
}

fn people(ids: std::ops::Range<i64>) -> Vec<Person> {
    ids.map(person).collect()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
}

fn open(url: &str) -> Repository<Person> {
    let database = DataFlow::builder(url)
        .environment([("", ""); 0])
        .model::<Person>()
        .open()
        .expect("a fresh database opens");
    database.repository().expect("the model is registered")
}

fn fill(runtime: &Runtime, repository: &Repository<Person>) {
    let rows = people(0..ROWS);
    let load = repository.bulk_load(&rows);
    runtime.block_on(load).expect("the rows go in");
}

const SELECT: &str = "SELECT id, name, email, age FROM people WHERE id = ?1";
const LIST: &str = "SELECT id, name, email, age FROM people ORDER BY id LIMIT ?1";
const INSERT: &str = "INSERT INTO people (id, name, email, age) VALUES (?1, ?2, ?3, ?4) \
                      RETURNING id, name, email, age";

fn of_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        name: row.get(1)?,
        email: row.get(2)?,
        age: row.get(3)?,
    })
}

fn read_one(connection: &Sqlite, id: i64) -> Person {
    let mut select = connection.prepare_cached(SELECT).expect("it is SQL");
    select.query_row([id], of_row).expect("the row is there")
}

fn sqlite_by_hand(path: &Path) -> Sqlite {
    let connection = Sqlite::open(path).expect("the file opens");
    for (name, value) in [("journal_mode", "WAL"), ("synchronous", "NORMAL")] {
        let set = connection.pragma_update_and_check(None, name, value, |_| Ok(()));
        // `synchronous` gives no row.
        let _ = set;
    }
    connection
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

fn sqlite(criterion: &mut Criterion) {
    let folder = std::env::temp_dir().join(format!("dataflow-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder is made");
    let path = folder.join("bench.db");
    let runtime = runtime();
    let repository = open(&format!("sqlite://{}", path.display()));
    fill(&runtime, &repository);
    let by_hand = sqlite_by_hand(&path);

    let mut group = criterion.benchmark_group("sqlite read by key");
    let asks = one_hop(&path);
    group.bench_function("one hop by hand", |bencher| {
        let mut id = 0;
        bencher.iter(|| {
            id = (id + 7) % ROWS;
            let (answer, answered) = oneshot::channel();
            asks.send((id, answer)).expect("the thread is there");
            black_box(runtime.block_on(answered).expect("it answers"))
        });
    });
    group.bench_function("repository", |bencher| {
        let mut id = 0;
        bencher.iter(|| {
            id = (id + 7) % ROWS;
            black_box(runtime.block_on(repository.read(&id)).expect("it is there"))
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("sqlite 10000 rows");
    group.bench_function("rusqlite", |bencher| {
        bencher.iter(|| {
            let mut list = by_hand.prepare_cached(LIST).expect("it is SQL");
            let rows = list.query_map([ROWS], of_row).expect("it runs");
            let rows: rusqlite::Result<Vec<Person>> = rows.collect();
            black_box(rows.expect("every row is read"))
        });
    });
    group.bench_function("repository", |bencher| {
        bencher.iter(|| {
            let list = repository.query().limit(ROWS as usize).list();
            black_box(runtime.block_on(list).expect("it runs").rows)
        });
    });
    group.finish();

    let new = people(1_000_000..1_001_000);
    let keys: Vec<i64> = new.iter().map(|person| person.id).collect();
    let forget = || {
        runtime.block_on(async { repository.bulk_delete(&keys).await.expect("they go") });
    };
    let mut group = criterion.benchmark_group("sqlite 1000 inserts");
    group.bench_function("rusqlite in one transaction", |bencher| {
        bencher.iter_batched(
            forget,
            |()| {
                let transaction = by_hand.unchecked_transaction().expect("it begins");
                {
                    let mut insert = transaction.prepare_cached(INSERT).expect("it is SQL");
                    for person in &new {
                        let values = (person.id, &person.name, &person.email, person.age);
                        black_box(insert.query_row(values, of_row).expect("it goes in"));
                    }
                }
                transaction.commit().expect("it commits");
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.bench_function("bulk_create", |bencher| {
        bencher.iter_batched(
            forget,
            |()| {
                black_box(
                    runtime
                        .block_on(repository.bulk_create(&new))
                        .expect("they go in"),
                )
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.bench_function("bulk_load", |bencher| {
        bencher.iter_batched(
            forget,
            |()| {
                black_box(
                    runtime
                        .block_on(repository.bulk_load(&new))
                        .expect("they go in"),
                )
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.finish();
    forget();

    let mut group = criterion.benchmark_group("sqlite 32 tasks insert 3200 rows");
    let mut next = 2_000_000;
    group.bench_function("repository", |bencher| {
        bencher.iter(|| {
            let first = next;
            next += 3_200;
            let tasks = (0..32).map(|task| {
                let repository = repository.clone();
                runtime.spawn(async move {
                    for id in 0..100 {
                        let new = person(first + task * 100 + id);
                        repository.create(&new).await.expect("it goes in");
                    }
                })
            });
            for task in tasks.collect::<Vec<_>>() {
                runtime.block_on(task).expect("it ends");
            }
        });
    });
    group.finish();
    let _ = std::fs::remove_dir_all(folder);
}

const PG_SELECT: &str = "SELECT id, name, email, age FROM people WHERE id = $1";
const PG_LIST: &str = "SELECT id, name, email, age FROM people ORDER BY id LIMIT $1";
const PG_UNNEST: &str = "INSERT INTO people (id, name, email, age) \
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::int[]) \
    RETURNING id, name, email, age";

fn person_of((id, name, email, age): (i64, String, String, i32)) -> Person {
    Person {
        id,
        name,
        email,
        age,
    }
}

fn postgres(criterion: &mut Criterion) {
    let database = Database::create(&test_database_url());
    let runtime = runtime();
    let repository = open(database.url());
    fill(&runtime, &repository);
    let held = PgConnection::connect(database.url());
    let mut held = runtime.block_on(held).expect("the server answers");

    let mut group = criterion.benchmark_group("postgres read by key");
    group.bench_function("held sqlx connection", |bencher| {
        let mut id = 0;
        bencher.iter(|| {
            id = (id + 7) % ROWS;
            let row = sqlx::query_as(PG_SELECT).bind(id).fetch_one(&mut held);
            person_of(black_box(runtime.block_on(row).expect("it is there")))
        });
    });
    group.bench_function("repository", |bencher| {
        let mut id = 0;
        bencher.iter(|| {
            id = (id + 7) % ROWS;
            black_box(runtime.block_on(repository.read(&id)).expect("it is there"))
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("postgres 10000 rows");
    group.bench_function("sqlx by index", |bencher| {
        bencher.iter(|| {
            let rows = sqlx::query_as(PG_LIST).bind(ROWS).fetch_all(&mut held);
            let rows = runtime.block_on(rows).expect("it runs");
            let rows: Vec<Person> = rows.into_iter().map(person_of).collect();
            black_box(rows)
        });
    });
    group.bench_function("repository", |bencher| {
        bencher.iter(|| {
            let list = repository.query().limit(ROWS as usize).list();
            black_box(runtime.block_on(list).expect("it runs").rows)
        });
    });
    group.finish();

    let new = people(1_000_000..1_010_000);
    let mut eraser = runtime
        .block_on(PgConnection::connect(database.url()))
        .expect("the server answers");
    let mut forget = || {
        let erase = eraser.execute("DELETE FROM people WHERE id >= 1000000");
        runtime.block_on(erase).expect("they go");
    };
    let mut group = criterion.benchmark_group("postgres 10000 inserts");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(6));
    group.bench_function("unnest by hand", |bencher| {
        bencher.iter_batched(
            &mut forget,
            |()| {
                let insert = sqlx::query_as(PG_UNNEST)
                    .bind(new.iter().map(|person| person.id).collect::<Vec<_>>())
                    .bind(
                        new.iter()
                            .map(|person| person.name.clone())
                            .collect::<Vec<_>>(),
                    )
                    .bind(
                        new.iter()
                            .map(|person| person.email.clone())
                            .collect::<Vec<_>>(),
                    )
                    .bind(new.iter().map(|person| person.age).collect::<Vec<_>>())
                    .fetch_all(&mut held);
                let rows = runtime.block_on(insert).expect("they go in");
                let rows: Vec<Person> = rows.into_iter().map(person_of).collect();
                black_box(rows)
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.bench_function("bulk_create", |bencher| {
        bencher.iter_batched(
            &mut forget,
            |()| {
                black_box(
                    runtime
                        .block_on(repository.bulk_create(&new))
                        .expect("they go in"),
                )
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.bench_function("copy by hand", |bencher| {
        bencher.iter_batched(
            &mut forget,
            |()| {
                use std::fmt::Write as _;
                let mut text = String::new();
                for Person {
                    id,
                    name,
                    email,
                    age,
                } in &new
                {
                    writeln!(text, "{id}\t{name}\t{email}\t{age}").expect("a string takes it");
                }
                runtime.block_on(async {
                    let command = "COPY people (id, name, email, age) FROM STDIN";
                    let mut copy = held.copy_in_raw(command).await.expect("it begins");
                    copy.send(text.as_bytes()).await.expect("it is sent");
                    black_box(copy.finish().await.expect("it ends"))
                })
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.bench_function("bulk_load", |bencher| {
        bencher.iter_batched(
            &mut forget,
            |()| {
                black_box(
                    runtime
                        .block_on(repository.bulk_load(&new))
                        .expect("they go in"),
                )
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.finish();
    drop(repository);
}

criterion_group!(hot_paths, sqlite, postgres);
criterion_main!(hot_paths);
