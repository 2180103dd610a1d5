//! What the connections to PostgreSQL promise.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dataflow_core::error::Kind;
use dataflow_core::schema::FieldType;
use dataflow_core::{Endpoint, Value};
use private_postgres::{Auth, Authority, Cluster, Database, Settings, test_database_url};

use super::collect::Values;
use super::proxy::Proxy;
use super::setup::Setup;
use crate::pool::{Bulk, Pool, PoolSettings, Statement, TransactionOptions};

fn pool(url: &str, change: impl FnOnce(&mut PoolSettings)) -> Pool {
    Setup::at_url(url, change).pool
}

async fn text(pool: &Pool, sql: &str) -> String {
    let statement = Arc::new(Statement::new(sql, vec![]));
    let rows = Values::of(&[FieldType::String]);
    let rows = pool.read(&statement, vec![], rows).await.unwrap();
    match &rows[0][0] {
        Value::Text(text) => text.clone(),
        other => panic!("not a text: {other:?}"),
    }
}

#[tokio::test]
async fn v21_connecting_opens_one_connection() {
    let setup = Setup::postgres(|_| ());
    assert_eq!(setup.pool.stats().open, 0, "building a pool does no I/O");
    for _ in 0..3 {
        setup.pool.connect().await.unwrap();
        setup.pool.check().await.unwrap();
    }
    assert_eq!(setup.number("SELECT 1::bigint").await, 1);
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()";
    assert_eq!(setup.number(sql).await, 1);
    assert_eq!(setup.pool.stats().open, 1);
}

#[tokio::test]
async fn a_session_has_its_settings_from_the_start() {
    let setup = Setup::postgres(|settings| settings.statement_timeout = Duration::from_secs(7));
    let cases = [
        ("SHOW statement_timeout", "7s"),
        ("SHOW application_name", "dataflow"),
        ("SHOW timezone", "UTC"),
    ];
    for (sql, expected) in cases {
        assert_eq!(text(&setup.pool, sql).await, expected, "{sql}");
    }
}

/// So does a primary server that became a standby; its name may lead to another one by now.
#[tokio::test]
async fn a_session_that_can_only_read_is_not_used_for_the_next_write() {
    let setup = Setup::postgres(|settings| settings.size = 1);
    setup.execute("CREATE TABLE t (a bigint)").await;
    let read_only = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
    setup.execute(read_only).await;
    let insert = Arc::new(Statement::new("INSERT INTO t VALUES (1)", vec![]));
    let error = setup.pool.write(&insert, vec![], ()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    setup.pool.write(&insert, vec![], ()).await.unwrap();
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_caller_left_is_stopped_on_the_server() {
    let setup = Setup::postgres(|settings| settings.size = 1);
    setup.execute("CREATE TABLE t (a bigint)").await;
    let process = setup.number("SELECT pg_backend_pid()::bigint").await;

    let pool = setup.pool.clone();
    let sleeper = tokio::spawn(async move {
        let sleep = Arc::new(Statement::new("SELECT pg_sleep(60)::text", vec![]));
        pool.read(&sleep, vec![], ()).await
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    sleeper.abort();
    let started = Instant::now();
    let next = setup.number("SELECT pg_backend_pid()::bigint").await;
    assert_eq!(next, process, "the connection is used again");
    assert!(started.elapsed() < Duration::from_secs(4));

    let pool = setup.pool.clone();
    let writer = tokio::spawn(async move {
        let sql = "INSERT INTO t SELECT 1 FROM (SELECT pg_sleep($1)) s";
        let each = Arc::new(Statement::new(sql, vec![FieldType::F64]));
        let slow = Arc::new(Bulk::of(each));
        let members = [0.0, 0.0, 60.0].map(|seconds| vec![Value::Float(seconds)]);
        pool.write_many(&slow, members.into_iter().collect(), ())
            .await
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    writer.abort();
    assert_eq!(
        setup.number("SELECT count(*) FROM t").await,
        0,
        "nothing of it stays"
    );
    assert_eq!(
        setup.insert("INSERT INTO t VALUES ({})", 1).await.unwrap(),
        1
    );
    assert_eq!(
        setup.number("SELECT count(*) FROM t").await,
        1,
        "no transaction is open"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_restarts_is_found_again() {
    let mut cluster = Cluster::start(Settings::default()).unwrap();
    let setup = Setup::at_url(cluster.url(), |settings| {
        settings.size = 4;
        settings.connect_timeout = Duration::from_secs(2);
    });
    let sleeps = (0..4).map(|_| setup.number("SELECT 1::bigint FROM pg_sleep(0.1)"));
    futures_util::future::join_all(sleeps).await;
    assert_eq!(setup.pool.stats().open, 4);

    cluster.stop().unwrap();
    let statement = Arc::new(Statement::new("SELECT 1::bigint", vec![]));
    let error = setup.pool.read(&statement, vec![], ()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    assert_eq!(setup.pool.stats().open, 0);

    cluster.start_again().unwrap();
    for _ in 0..8 {
        assert_eq!(setup.number("SELECT 1::bigint").await, 1);
    }

    cluster.stop().unwrap();
    cluster.start_again().unwrap();
    assert_eq!(
        setup.number("SELECT 1::bigint").await,
        1,
        "a read does not notice a restart that happened while its connection rested"
    );
}

#[tokio::test]
async fn a_connection_that_the_server_ended_costs_one_write_and_no_read() {
    let setup = Setup::postgres(|settings| settings.size = 2);
    setup.execute("CREATE TABLE t (a bigint)").await;
    let admin = pool(&test_database_url(), |_| ());
    let end_all = format!(
        "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = '{}'",
        database_name(&setup)
    );
    text(&admin, &end_all).await;
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 0);

    text(&admin, &end_all).await;
    let insert = "INSERT INTO t VALUES ({})";
    let error = setup.insert(insert, 1).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.help().is_some());
    assert_eq!(setup.insert(insert, 1).await.unwrap(), 1);
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 1);
}

fn database_name(setup: &Setup) -> &str {
    match &setup.endpoint {
        Endpoint::Postgres(postgres) => &postgres.database,
        Endpoint::Sqlite(_) => panic!("not a server"),
    }
}

#[tokio::test]
async fn a_login_that_fails_names_the_cause_and_no_secret() {
    let cluster = Cluster::start(Settings {
        auth: Auth::Scram {
            password: "right".to_owned(),
        },
        ..Settings::default()
    })
    .unwrap();
    let cases = [
        (
            cluster.url_as("postgres", Some("canary"), "postgres"),
            "refused the login of \"postgres\"",
        ),
        (
            cluster.url_as("postgres", Some("right"), "missing"),
            "has no database \"missing\"",
        ),
        (
            "postgres://ada:canary@127.0.0.1:1/app".to_owned(),
            "cannot be reached: connection refused",
        ),
        (
            format!(
                "{}?sslmode=require",
                cluster.url_as("postgres", Some("right"), "postgres")
            ),
            "does not speak TLS as asked",
        ),
    ];
    for (url, expected) in cases {
        let error = pool(&url, |_| ()).connect().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.help().is_some());
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
    let right = cluster.url_as("postgres", Some("right"), "postgres");
    pool(&right, |_| ()).connect().await.unwrap();
}

#[tokio::test]
async fn e14_a_server_that_is_silent_is_left_after_connect_timeout() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let pool = pool(&format!("postgres://127.0.0.1:{port}/app"), |settings| {
        settings.connect_timeout = Duration::from_millis(100);
    });
    let started = Instant::now();
    let error = pool.connect().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(
        error.to_string().contains("connect_timeout of 100ms"),
        "{error}"
    );
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(pool.stats().open, 0);
}

#[tokio::test]
async fn every_ssl_mode_trusts_whom_it_says() {
    let authority = Authority::create().unwrap();
    let stranger = Authority::create().unwrap();
    let server = |host: &str| {
        Cluster::start(Settings {
            tls: Some(authority.issue(host).unwrap()),
            ..Settings::default()
        })
        .unwrap()
    };
    let (right, wrong) = (server("127.0.0.1"), server("elsewhere.example"));
    let known = format!("&sslrootcert={}", authority.root_certificate().display());
    let unknown = format!("&sslrootcert={}", stranger.root_certificate().display());
    let cases = [
        (&right, "disable", "", Some("false")),
        (&right, "prefer", "", Some("true")),
        (&right, "require", "", Some("true")),
        (&wrong, "require", &*known, Some("true")),
        (&right, "require", &*unknown, None),
        (&right, "verify-ca", &*known, Some("true")),
        (&wrong, "verify-ca", &*known, Some("true")),
        (&right, "verify-ca", &*unknown, None),
        (&right, "verify-ca", "", None),
        (&right, "verify-full", &*known, Some("true")),
        (&wrong, "verify-full", &*known, None),
        (&right, "verify-full", &*unknown, None),
    ];
    let encrypted = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    for (server, mode, root, expected) in cases {
        let url = format!("{}?sslmode={mode}{root}", server.url());
        let pool = pool(&url, |_| ());
        match expected {
            Some(expected) => assert_eq!(text(&pool, encrypted).await, expected, "{url}"),
            None => {
                let error = pool.connect().await.unwrap_err();
                assert_eq!(error.kind(), Kind::Unavailable, "{url}: {error:?}");
                assert!(error.to_string().contains("TLS"), "{url}: {error}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_have_lived_long_are_replaced_one_by_one() {
    let setup = Setup::postgres(|settings| {
        settings.size = 3;
        settings.max_lifetime = Duration::from_millis(200);
    });
    let started = Instant::now();
    let mut processes = std::collections::HashSet::new();
    while started.elapsed() < Duration::from_millis(1_500) {
        let sql = "SELECT pg_backend_pid()::bigint FROM pg_sleep(0.01)";
        let numbers = (0..6).map(|_| setup.number(sql));
        processes.extend(futures_util::future::join_all(numbers).await);
        assert!(setup.pool.stats().open <= 3);
    }
    assert!(processes.len() >= 6, "{} processes", processes.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_pooler_nothing_of_a_session_is_relied_on() {
    let setup = Setup::postgres(|settings| {
        settings.size = 1;
        settings.transaction_pooling = true;
        settings.statement_timeout = Duration::from_millis(500);
    });
    setup.execute("CREATE TABLE t (a bigint PRIMARY KEY)").await;
    assert_eq!(
        setup.insert("INSERT INTO t VALUES ({})", 1).await.unwrap(),
        1
    );
    let of_client = "SELECT count(*) FROM pg_settings \
                     WHERE source = 'client' AND name LIKE '%timeout'";
    let cases = [
        ("SELECT count(*) FROM t", 1),
        ("SELECT count(*) FROM pg_prepared_statements", 0),
        (of_client, 0),
    ];
    for (sql, expected) in cases {
        assert_eq!(setup.number(sql).await, expected, "{sql}");
    }
    let timeout = text(&setup.pool, "SELECT current_setting('statement_timeout')");
    assert_eq!(timeout.await, "500ms");
    let sleep = Arc::new(Statement::new("SELECT pg_sleep(10)::text", vec![]));
    let error = setup.pool.read(&sleep, vec![], ()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout, "{error:?}");

    let error = setup
        .insert("INSERT INTO t VALUES ({})", 1)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unique);
    let left = setup.pool.read(&sleep, vec![], ());
    let _ = tokio::time::timeout(Duration::from_millis(100), left).await;
    let tx = setup.pool.begin(TransactionOptions::new()).await.unwrap();
    let delete = setup.statement("DELETE FROM t", &[]);
    tx.write(&delete, vec![], ()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 0);
}

/// A firewall drops what is silent for long, and tells nobody. A write is never made twice, so it
/// must not be given to such a connection.
#[tokio::test]
async fn a_write_after_a_long_rest_is_not_given_to_a_connection_that_was_cut() {
    let database = Database::create(&test_database_url());
    let setup = Setup::at_url(database.url(), |_| ());
    setup.execute("CREATE TABLE t (a bigint)").await;
    let proxy = Proxy::before(database.url());
    let insert = Arc::new(Statement::new("INSERT INTO t VALUES (1)", vec![]));

    let asking = pool(proxy.url(), |settings| {
        settings.trusted_for = Duration::ZERO
    });
    asking.check().await.unwrap();
    proxy.cut();
    asking.write(&insert, vec![], ()).await.unwrap();

    let trusting = pool(proxy.url(), |_| ());
    trusting.check().await.unwrap();
    proxy.cut();
    let error = trusting.write(&insert, vec![], ()).await.unwrap_err();
    assert!(error.is_connection(), "{error:?}");
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 1);
}

#[tokio::test]
async fn connections_that_nobody_needs_after_a_burst_are_closed() {
    let setup = Setup::postgres(|settings| {
        settings.size = 4;
        settings.idle_timeout = Duration::from_millis(300);
    });
    let pool = &setup.pool;
    let sleep = Arc::new(Statement::new("SELECT pg_sleep(0.2)::text", vec![]));
    let burst = (0..4).map(|_| pool.read(&sleep, vec![], ()));
    futures_util::future::try_join_all(burst).await.unwrap();
    assert_eq!(pool.stats().open, 4);
    for _ in 0..2 {
        pool.read(&sleep, vec![], ()).await.unwrap();
    }
    assert_eq!(pool.stats().open, 1, "{:?}", pool.stats());
    pool.check().await.unwrap();
}

#[tokio::test]
async fn a_pool_that_is_left_alone_closes_its_connections() {
    let setup = Setup::postgres(|settings| {
        settings.size = 3;
        settings.idle_timeout = Duration::from_millis(100);
    });
    let pool = &setup.pool;
    for _ in 0..2 {
        let sleep = Arc::new(Statement::new("SELECT pg_sleep(0.05)::text", vec![]));
        let burst = (0..3).map(|_| pool.read(&sleep, vec![], ()));
        futures_util::future::try_join_all(burst).await.unwrap();
        assert_eq!(pool.stats().open, 3);
        let deadline = Instant::now() + Duration::from_secs(10);
        while pool.stats().open > 0 {
            assert!(Instant::now() < deadline, "{:?}", pool.stats());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    assert_eq!(setup.number("SELECT 1::bigint").await, 1, "it opens others");
}

/// Whoever watches ends with the runtime that it was spawned on.
#[test]
fn a_pool_that_outlives_a_runtime_is_watched_on_the_next() {
    let timeout = Duration::from_millis(100);
    let setup = Setup::postgres(|settings| settings.idle_timeout = timeout);
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    runtime().block_on(setup.pool.check()).unwrap();
    runtime().block_on(async {
        setup.pool.check().await.unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while setup.pool.stats().open > 0 {
            assert!(Instant::now() < deadline, "{:?}", setup.pool.stats());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
}
