//! What servers, networks and disks do to a pool: errors are typed, what was acknowledged is
//! there, and the pool recovers by itself.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use dataflow_core::error::Kind;
use dataflow_core::schema::FieldType;
use dataflow_core::{Error, Value};
use parking_lot::Mutex;
use private_postgres::{Cluster, Database, Durability, Settings, SmallDisk, test_database_url};
use tokio::task::JoinHandle;

use super::collect::Values;
use super::proxy::Proxy;
use super::setup::Setup;
use crate::pool::{PoolSettings, Statement};

/// Tasks that insert rows and read them, and note what was acknowledged.
struct Load {
    setup: Arc<Setup>,
    noted: Arc<Noted>,
    tasks: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Noted {
    next: AtomicI64,
    is_over: AtomicBool,
    acknowledged: Mutex<HashSet<i64>>,
    errors: Mutex<Vec<Error>>,
}

impl Load {
    async fn start(setup: Setup) -> Self {
        setup
            .execute("CREATE TABLE t (a bigint NOT NULL PRIMARY KEY)")
            .await;
        let (setup, noted) = (Arc::new(setup), Arc::<Noted>::default());
        let tasks = (0..8)
            .map(|task| {
                let (setup, noted) = (setup.clone(), noted.clone());
                tokio::spawn(async move {
                    while !noted.is_over.load(Ordering::Relaxed) {
                        if task % 4 == 0 {
                            noted.read(&setup).await;
                        } else {
                            noted.write(&setup).await;
                        }
                    }
                })
            })
            .collect();
        Self {
            setup,
            noted,
            tasks,
        }
    }

    /// Waits until so many more writes were acknowledged.
    async fn goes_on(&self) {
        let wanted = self.noted.acknowledged.lock().len() + 50;
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.noted.acknowledged.lock().len() < wanted {
            assert!(Instant::now() < deadline, "no write succeeds any more");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until so many more calls failed.
    async fn fails(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.noted.errors.lock().len() < 50 {
            assert!(Instant::now() < deadline, "the disk is never full");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends it, sees that every acknowledged row is there, and gives the errors there were.
    async fn end(self) -> Vec<Error> {
        self.noted.is_over.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
        let select = Arc::new(Statement::new("SELECT a FROM t", vec![]));
        let rows = Values::of(&[FieldType::I64]);
        let rows = self.setup.pool.read(&select, vec![], rows).await.unwrap();
        let stored: HashSet<i64> = rows
            .iter()
            .map(|row| match row[0] {
                Value::Integer(a) => a,
                ref other => panic!("not an integer: {other:?}"),
            })
            .collect();
        let acknowledged = self.noted.acknowledged.lock();
        let lost: Vec<_> = acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "{} rows are lost", lost.len());
        std::mem::take(&mut self.noted.errors.lock())
    }
}

impl Noted {
    async fn write(&self, setup: &Setup) {
        let a = self.next.fetch_add(1, Ordering::Relaxed);
        match setup.insert("INSERT INTO t VALUES ({})", a).await {
            Ok(_) => {
                self.acknowledged.lock().insert(a);
            }
            Err(error) => self.note(error).await,
        }
    }

    async fn read(&self, setup: &Setup) {
        let select = Arc::new(Statement::new("SELECT count(*) FROM t", vec![]));
        if let Err(error) = setup.pool.read(&select, vec![], ()).await {
            self.note(error).await;
        }
    }

    async fn note(&self, error: Error) {
        self.errors.lock().push(error);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[track_caller]
fn all_are_typed(errors: &[Error]) {
    for error in errors {
        let is_typed = matches!(error.kind(), Kind::Unavailable | Kind::Timeout);
        assert!(is_typed, "{error:?}");
    }
}

fn settings(settings: &mut PoolSettings) {
    settings.size = 8;
    settings.connect_timeout = Duration::from_secs(2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_stopped_at_once() {
    let mut cluster = Cluster::start(Settings {
        durability: Durability::Default,
        ..Settings::default()
    })
    .unwrap();
    let load = Load::start(Setup::at_url(cluster.url(), settings)).await;
    for _ in 0..2 {
        load.goes_on().await;
        cluster.stop_at_once().unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        cluster.start_again().unwrap();
        load.goes_on().await;
    }
    let errors = load.end().await;
    assert!(!errors.is_empty(), "nobody noticed");
    all_are_typed(&errors);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_while_backends_are_terminated() {
    let load = Load::start(Setup::postgres(settings)).await;
    let admin = Setup::at_url(&test_database_url(), |_| ());
    let Some(name) = load
        .setup
        .endpoint
        .to_string()
        .rsplit('/')
        .next()
        .map(str::to_owned)
    else {
        panic!("a database has a name");
    };
    let end_all = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    for _ in 0..20 {
        admin.number(&end_all).await;
        load.goes_on().await;
    }
    all_are_typed(&load.end().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_while_connections_are_cut() {
    let database = Database::create(&test_database_url());
    let proxy = Proxy::before(database.url());
    let load = Load::start(Setup::at_url(proxy.url(), settings)).await;
    for turn in 0..10 {
        proxy.delay(Duration::from_millis(turn % 3));
        load.goes_on().await;
        proxy.cut();
    }
    load.goes_on().await;
    all_are_typed(&load.end().await);
}

/// Each message takes longer than a statement may: whoever asks meanwhile gets the own answer or an
/// error, and never what comes late to another question.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_later_than_statement_timeout_lose_nothing_and_reach_nobody_else() {
    let database = Database::create(&test_database_url());
    let proxy = Proxy::before(database.url());
    let setup = Setup::at_url(proxy.url(), |pool| {
        settings(pool);
        pool.statement_timeout = Duration::from_millis(100);
    });
    let load = Load::start(setup).await;
    for _ in 0..2 {
        load.goes_on().await;
        proxy.delay(Duration::from_millis(300));
        let asked = (0..8).map(async |number| {
            let select = Arc::new(Statement::new(format!("SELECT {number}::bigint"), vec![]));
            let rows = Values::of(&[FieldType::I64]);
            match load.setup.pool.read(&select, vec![], rows).await {
                Ok(rows) => assert_eq!(rows, [vec![Value::Integer(number)]]),
                Err(error) => all_are_typed(&[error]),
            }
        });
        futures_util::future::join_all(asked).await;
        proxy.delay(Duration::ZERO);
    }
    load.goes_on().await;
    all_are_typed(&load.end().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_falls_silent_is_left_and_found_again() {
    let database = Database::create(&test_database_url());
    let proxy = Proxy::before(database.url());
    let setup = Setup::at_url(proxy.url(), |settings| {
        settings.size = 2;
        settings.statement_timeout = Duration::from_millis(200);
        settings.connect_timeout = Duration::from_millis(500);
    });
    assert_eq!(setup.number("SELECT 1::bigint").await, 1);
    proxy.hold();
    let started = Instant::now();
    let statement = Arc::new(Statement::new("SELECT 1::bigint", vec![]));
    let error = setup.pool.read(&statement, vec![], ()).await.unwrap_err();
    let is_typed = matches!(error.kind(), Kind::Unavailable | Kind::Timeout);
    assert!(is_typed, "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(15));
    proxy.cut();
    proxy.release();
    assert_eq!(setup.number("SELECT 1::bigint").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_disk_is_full() {
    let setup = Setup::sqlite_file(|_| ());
    let most_pages = |setup: &Setup, pages: u32| {
        let most = move |connection: &mut rusqlite::Connection| {
            connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        };
        setup.pool.on_sqlite(most).unwrap().unwrap();
    };
    let load = Load::start(setup).await;
    load.goes_on().await;
    most_pages(&load.setup, 30);
    load.fails().await;
    most_pages(&load.setup, 1_000_000);
    load.goes_on().await;
    for error in load.end().await {
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert_eq!(error.to_string(), "the disk is full");
    }
}

/// A disk that another table has filled.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_disk_of_the_server_is_full() {
    let cluster = Cluster::start(Settings::default()).unwrap();
    let Some(disk) = SmallDisk::of(&cluster) else {
        return;
    };
    let load = Load::start(Setup::at_url(disk.url(), settings)).await;
    load.goes_on().await;
    let filler = [
        "CREATE TABLE filler (a text)",
        "ALTER TABLE filler ALTER a SET STORAGE PLAIN",
    ];
    for sql in filler {
        load.setup.execute(sql).await;
    }
    let a_page = "INSERT INTO filler SELECT repeat('x', {}::bigint::int)";
    let full = loop {
        if let Err(error) = load.setup.insert(a_page, 8_000).await {
            break error;
        }
    };
    load.fails().await;
    disk.grow().unwrap();
    load.goes_on().await;
    for error in load.end().await.into_iter().chain([full]) {
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert_eq!(error.to_string(), "the disk of the server is full");
    }
}
