//! PostgreSQL: the repository beside sqlx on connections of its own, and beside its rivals.

use std::cell::RefCell;
use std::hint::black_box;

use benches::people::{self, Person, ROWS, people};
use benches::race::Race;
use dataflow::{DataFlow, Repository};
use private_postgres::{Database, test_database_url};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::runtime::Runtime;

use super::{growth, measured};

const SELECT: &str = "SELECT id, name, email, age FROM people WHERE id = $1";
const LIST: &str = "SELECT id, name, email, age FROM people ORDER BY id LIMIT $1";
const UNNEST: &str = "INSERT INTO people (id, name, email, age) \
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::int[]) \
    RETURNING id, name, email, age";
/// The rows that are inserted and deleted again.
const NEW: std::ops::Range<i64> = 1_000_000..1_010_000;
const CONNECTIONS: usize = 8;
const TASKS: i64 = 32;
const READS_OF_A_TASK: i64 = 100;

pub(super) fn run() {
    let database = Database::create(&test_database_url());
    let contest = Contest::new(&database);
    contest.read_by_key();
    contest.read_all();
    contest.insert_without_answer();
    contest.insert();
    contest.read_from_many_tasks(database.url());
    let names = [
        "postgres pages of 20 rows",
        "postgres read by key, by models",
    ];
    growth::run(&contest.runtime, database.url(), names);
    let names = [
        "postgres read by key, measured, CPU",
        "postgres read 10000 rows, measured, CPU",
    ];
    measured::run(&contest.runtime, database.url(), names);
}

/// What the races on PostgreSQL share.
struct Contest {
    runtime: Runtime,
    repository: Repository<Person>,
    held: RefCell<PgConnection>,
    #[cfg(feature = "rivals")]
    sea_orm: super::sea_orm::SeaOrm,
    #[cfg(feature = "rivals")]
    diesel: RefCell<super::diesel::Diesel>,
}

impl Contest {
    fn new(database: &Database) -> Self {
        let runtime = people::runtime();
        let repository = people::open(database.url());
        people::fill(&runtime, &repository);
        Self {
            held: RefCell::new(connect(&runtime, database.url())),
            #[cfg(feature = "rivals")]
            sea_orm: runtime.block_on(super::sea_orm::SeaOrm::connect(database.url())),
            #[cfg(feature = "rivals")]
            diesel: RefCell::new(runtime.block_on(super::diesel::Diesel::connect(database.url()))),
            runtime,
            repository,
        }
    }

    fn read_by_key(&self) {
        let runtime = &self.runtime;
        let ids = RefCell::new((0..ROWS).cycle().step_by(7));
        let next = || ids.borrow_mut().next().expect("it never ends");
        let race = Race::new("postgres read by key", 60, 200)
            .contender("held sqlx connection", || {
                let mut held = self.held.borrow_mut();
                let row = sqlx::query_as(SELECT).bind(next()).fetch_one(&mut *held);
                black_box(person_of(runtime.block_on(row).expect("it is there")));
            })
            .contender("repository", || {
                let row = runtime.block_on(self.repository.read(&next()));
                black_box(row.expect("it is there"));
            });
        #[cfg(feature = "rivals")]
        let race = race
            .contender("sea-orm", || {
                black_box(runtime.block_on(self.sea_orm.read(next())));
            })
            .contender("diesel-async, held", || {
                let mut diesel = self.diesel.borrow_mut();
                black_box(runtime.block_on(diesel.read(next())));
            });
        race.run();
    }

    fn read_all(&self) {
        let runtime = &self.runtime;
        let race = Race::new("postgres read 10000 rows", 60, 2)
            .contender("sqlx by index", || {
                let mut held = self.held.borrow_mut();
                let rows = sqlx::query_as(LIST).bind(ROWS).fetch_all(&mut *held);
                let rows = runtime.block_on(rows).expect("it runs");
                let rows: Vec<Person> = rows.into_iter().map(person_of).collect();
                black_box(rows);
            })
            .contender("repository", || {
                let list = self.repository.query().limit(ROWS as usize).list();
                black_box(runtime.block_on(list).expect("it runs").rows);
            });
        #[cfg(feature = "rivals")]
        let race = race
            .contender("sea-orm", || {
                black_box(runtime.block_on(self.sea_orm.list(ROWS as u64)));
            })
            .contender("diesel-async, held", || {
                let mut diesel = self.diesel.borrow_mut();
                black_box(runtime.block_on(diesel.list(ROWS)));
            });
        race.run();
    }

    fn insert_without_answer(&self) {
        let new = people(NEW);
        Race::new("postgres insert 10000 rows", 20, 1)
            .prepared(
                "copy by hand",
                || self.forget(),
                || {
                    let text = in_copy_format(&new);
                    let mut held = self.held.borrow_mut();
                    self.runtime.block_on(async {
                        let command = "COPY people (id, name, email, age) FROM STDIN";
                        let mut copy = held.copy_in_raw(command).await.expect("it begins");
                        copy.send(text.as_bytes()).await.expect("it is sent");
                        black_box(copy.finish().await.expect("it ends"));
                    });
                },
            )
            .prepared(
                "bulk_load",
                || self.forget(),
                || {
                    let rows = self.runtime.block_on(self.repository.bulk_load(&new));
                    black_box(rows.expect("they go in"));
                },
            )
            .run();
        self.forget();
    }

    fn insert(&self) {
        let new = people(NEW);
        let race = Race::new("postgres insert 10000 rows, with rows back", 20, 1)
            .prepared(
                "unnest by hand",
                || self.forget(),
                || {
                    let mut held = self.held.borrow_mut();
                    let insert = sqlx::query_as(UNNEST)
                        .bind(each(&new, |person| person.id))
                        .bind(each(&new, |person| person.name.clone()))
                        .bind(each(&new, |person| person.email.clone()))
                        .bind(each(&new, |person| person.age))
                        .fetch_all(&mut *held);
                    let rows = self.runtime.block_on(insert).expect("they go in");
                    let rows: Vec<Person> = rows.into_iter().map(person_of).collect();
                    black_box(rows);
                },
            )
            .prepared(
                "bulk_create",
                || self.forget(),
                || {
                    let rows = self.runtime.block_on(self.repository.bulk_create(&new));
                    black_box(rows.expect("they go in"));
                },
            );
        #[cfg(feature = "rivals")]
        let race = race
            .prepared(
                "sea-orm",
                || self.forget(),
                || {
                    black_box(self.runtime.block_on(self.sea_orm.insert(&new)));
                },
            )
            .prepared(
                "diesel-async, held",
                || self.forget(),
                || {
                    let mut diesel = self.diesel.borrow_mut();
                    black_box(self.runtime.block_on(diesel.insert(&new)));
                },
            );
        race.run();
        self.forget();
    }

    /// What a query costs this process when many tasks share few connections.
    fn read_from_many_tasks(&self, url: &str) {
        let runtime = &self.runtime;
        let pooled = DataFlow::builder(url)
            .environment([("", ""); 0])
            .model::<Person>()
            .connection_pool_size(CONNECTIONS)
            .open()
            .expect("the database opens");
        let pooled: Repository<Person> = pooled.repository().expect("the model is registered");
        let mut held: Vec<PgConnection> = Vec::new();
        held.resize_with(CONNECTIONS, || connect(runtime, url));
        let race = Race::new("postgres read by key, 3200 reads, CPU", 30, 1)
            .by_cpu()
            .contender("8 held sqlx connections", || {
                let reads = TASKS * READS_OF_A_TASK / CONNECTIONS as i64;
                let tasks = held.drain(..).map(|mut held| {
                    runtime.spawn(async move {
                        for id in 0..reads {
                            let row = sqlx::query_as(SELECT).bind(id).fetch_one(&mut held);
                            black_box(person_of(row.await.expect("it is there")));
                        }
                        held
                    })
                });
                let tasks: Vec<_> = tasks.collect();
                let ended = tasks
                    .into_iter()
                    .map(|task| runtime.block_on(task).expect("it ends"));
                held = ended.collect();
            })
            .contender("repository, 32 tasks", || {
                let tasks = (0..TASKS).map(|_| {
                    let repository = pooled.clone();
                    runtime.spawn(async move {
                        for id in 0..READS_OF_A_TASK {
                            black_box(repository.read(&id).await.expect("it is there"));
                        }
                    })
                });
                for task in tasks.collect::<Vec<_>>() {
                    runtime.block_on(task).expect("it ends");
                }
            });
        #[cfg(feature = "rivals")]
        let race = {
            let clients: Vec<_> = (0..CONNECTIONS)
                .map(|_| runtime.block_on(pipelined(url)))
                .collect();
            race.contender("tokio-postgres, 32 tasks on 8", move || {
                let tasks = (0..TASKS as usize).map(|task| {
                    let (client, select) = clients[task % CONNECTIONS].clone();
                    runtime.spawn(async move {
                        for id in 0..READS_OF_A_TASK {
                            let row = client.query_one(&select, &[&id]).await;
                            let row = row.expect("it is there");
                            let row = (row.get(0), row.get(1), row.get(2), row.get(3));
                            black_box(person_of(row));
                        }
                    })
                });
                for task in tasks.collect::<Vec<_>>() {
                    runtime.block_on(task).expect("it ends");
                }
            })
        };
        race.run();
    }

    fn forget(&self) {
        let erase = "DELETE FROM people WHERE id >= 1000000";
        let mut held = self.held.borrow_mut();
        let erased = self.runtime.block_on((*held).execute(erase));
        erased.expect("they go");
    }
}

fn connect(runtime: &Runtime, url: &str) -> PgConnection {
    let connection = runtime.block_on(PgConnection::connect(url));
    connection.expect("the server answers")
}

/// A connection that tasks share, and the statement that reads by key.
#[cfg(feature = "rivals")]
async fn pipelined(
    url: &str,
) -> (
    std::sync::Arc<tokio_postgres::Client>,
    tokio_postgres::Statement,
) {
    let connected = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
    let (client, connection) = connected.expect("the server answers");
    tokio::spawn(connection);
    let select = client.prepare(SELECT).await.expect("it is SQL");
    (std::sync::Arc::new(client), select)
}

fn person_of((id, name, email, age): (i64, String, String, i32)) -> Person {
    Person {
        id,
        name,
        email,
        age,
    }
}

fn each<T>(people: &[Person], value: impl Fn(&Person) -> T) -> Vec<T> {
    people.iter().map(value).collect()
}

fn in_copy_format(people: &[Person]) -> String {
    use std::fmt::Write as _;

    let mut text = String::new();
    for person in people {
        let Person {
            id,
            name,
            email,
            age,
        } = person;
        writeln!(text, "{id}\t{name}\t{email}\t{age}").expect("a string takes it");
    }
    text
}
