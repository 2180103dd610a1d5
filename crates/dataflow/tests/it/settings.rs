use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dataflow::error::Kind;
use dataflow::node::Source as _;
use dataflow::{AutoMigrate, Credentials, DataFlow, DriftCheck, Model, Policy};
use dataflow_core::ddl::Outcome;
use private_postgres::{Auth, Cluster, Settings};
use serde_json::json;

use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    auto_migrate_makes_tables_verifies_them_or_warns
    skip_migration_does_not_look
    skip_registry_makes_no_tables_of_its_own
    enable_model_persistence_keeps_models_in_the_registry
    drift_check_says_how_an_unchanged_schema_is_recognized
    migration_policy_says_which_changes_are_made
    open_works_in_a_runtime_and_open_async_awaits
}

async fn auto_migrate_makes_tables_verifies_them_or_warns(setup: Setup) {
    let builder = || setup.builder().model::<Country>();
    let error = builder().auto_migrate(false).open().err().unwrap();
    assert_eq!(error.kind(), Kind::Schema);
    let warned = builder().auto_migrate(AutoMigrate::Warn).open().unwrap();
    assert_eq!(warned.schema_ready().unwrap().outcome(), Outcome::Drifted);
    assert!(!setup.has_table("countries"));

    let opened = builder().auto_migrate(true).open().unwrap();
    let outcome = opened.schema_ready().unwrap().outcome();
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    assert!(setup.has_table("countries"));
    let verified = builder().auto_migrate(AutoMigrate::Off).open().unwrap();
    assert_eq!(
        verified.schema_ready().unwrap().outcome(),
        Outcome::Unchanged
    );
}

async fn skip_migration_does_not_look(setup: Setup) {
    let database = setup.library().skip_migration(true).open().unwrap();
    assert_eq!(
        database.schema_ready().unwrap().outcome(),
        Outcome::Unchecked
    );
    assert!(!setup.has_table("countries"));
}

async fn skip_registry_makes_no_tables_of_its_own(setup: Setup) {
    let builder = || setup.builder().model::<Country>();
    let database = builder().skip_registry(true).open().unwrap();
    assert!(setup.has_table("countries"));
    assert!(!setup.has_table("dataflow_model_registry"));
    assert_eq!(
        call(&database, "country_list", json!({})).await.unwrap(),
        json!([])
    );
    builder().open().unwrap();
    assert!(setup.has_table("dataflow_model_registry"));
}

async fn enable_model_persistence_keeps_models_in_the_registry(setup: Setup) {
    let builder = || {
        setup
            .builder()
            .model::<Country>()
            .drift_check(DriftCheck::Full)
    };
    builder().enable_model_persistence(false).open().unwrap();
    let count = "SELECT count(*) FROM dataflow_model_registry WHERE model = 'Country'";
    let is_kept =
        || setup.has_table("dataflow_model_registry") && setup.sql(count).as_deref() != Some("0");
    assert!(!is_kept());
    builder().open().unwrap();
    assert!(is_kept());
}

async fn drift_check_says_how_an_unchanged_schema_is_recognized(setup: Setup) {
    let builder = || setup.builder().model::<Country>();
    builder().open().unwrap();
    setup.sql("ALTER TABLE countries ADD COLUMN undeclared text");
    let findings = |drift_check| {
        let database = builder().drift_check(drift_check).open().unwrap();
        database.schema_ready().unwrap().findings().len()
    };
    assert_eq!(findings(DriftCheck::Fingerprint), 0);
    assert_eq!(findings(DriftCheck::Probe), 1);
    assert_eq!(findings(DriftCheck::Probe), 1, "it is told again");
    assert_eq!(findings(DriftCheck::Full), 1);
}

async fn open_works_in_a_runtime_and_open_async_awaits(setup: Setup) {
    let opened = setup.open();
    let awaited = setup.library().open_async().await.unwrap();
    for database in [opened, awaited] {
        assert_eq!(
            call(&database, "book_count", json!({})).await.unwrap(),
            json!({"count": 0})
        );
    }
}

#[tokio::test]
async fn a_database_in_memory_is_opened_too() {
    let database = DataFlow::builder("sqlite::memory:")
        .model::<Country>()
        .open()
        .unwrap();
    let italy = json!({"code": "it", "name": "Italy"});
    assert_eq!(
        call(&database, "country_create", italy.clone())
            .await
            .unwrap(),
        italy
    );
    assert_eq!(database.name(), "sqlite::memory:");
}

#[test]
fn build_does_no_input_or_output() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    DataFlow::builder(format!("sqlite://{}", file.display()))
        .model::<Country>()
        .build()
        .unwrap();
    assert!(!file.exists());
    let unreachable = "postgres://ada:canary@192.0.2.1/none";
    let database = DataFlow::builder(unreachable).build().unwrap();
    assert!(!database.name().contains("canary"), "{}", database.name());
}

#[test]
fn every_mistake_is_reported_at_once() {
    let error = DataFlow::builder("mysql://host/db")
        .model::<Country>()
        .model::<Country>()
        .connection_pool_size(0)
        .acquire_timeout(Duration::ZERO)
        .environment([
            ("DATAFLOW__ENABLE_CACHE", "true"),
            ("DATAFLOW__ENABLE_METRICS", "maybe"),
            ("DATAFLOW_PORT", "tcp://10.0.0.1:8002"),
        ])
        .build()
        .err()
        .unwrap();
    assert_eq!(error.kind(), Kind::Configuration);
    let text = format!("{error:?}");
    for part in [
        "\"DATAFLOW__ENABLE_CACHE\" is not known; did you mean DATAFLOW__ENABLE_CACHING?",
        "\"DATAFLOW__ENABLE_METRICS\" does not have a value it takes; give it true or false",
        "connection_pool_size is 0",
        "acquire_timeout is zero",
        "\"mysql\" is not supported",
        "model \"Country\" is registered twice",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("DATAFLOW_PORT"), "{text}");
}

/// Sums of such times overflow, and PostgreSQL takes a part of a millisecond for no limit.
#[test]
fn settings_beyond_every_use_are_mistakes_and_no_panics() {
    let seconds = u64::MAX.to_string();
    let error = DataFlow::builder("sqlite::memory:")
        .connection_pool_size(usize::MAX)
        .lock_timeout(Duration::from_micros(999))
        .migration_timeout(Duration::ZERO)
        .environment([
            ("DATAFLOW__STATEMENT_TIMEOUT", &seconds),
            ("DATAFLOW__CONNECT_TIMEOUT", &seconds),
        ])
        .build()
        .err()
        .unwrap();
    assert_eq!(error.kind(), Kind::Configuration);
    let text = format!("{error:?}");
    for part in [
        "connection_pool_size is",
        "lock_timeout is",
        "migration_timeout is",
        "statement_timeout is",
        "connect_timeout is",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn the_environment_has_the_last_word() {
    let setup = Setup::sqlite();
    let builder = setup.library().skip_registry(false);
    let keys = [("DATAFLOW__SKIP_REGISTRY", "true")];
    builder.environment(keys).open().unwrap();
    assert!(!setup.has_table("dataflow_model_registry"));
}

#[test]
fn the_database_url_comes_from_the_environment() {
    let setup = Setup::sqlite();
    let nowhere = "sqlite:///nowhere/at/all.db";
    for variables in [
        vec![("DATABASE_URL", setup.url())],
        vec![
            ("DATABASE_URL", nowhere),
            ("DATAFLOW__DATABASE_URL", setup.url()),
        ],
    ] {
        let database = DataFlow::from_env().environment(variables).build().unwrap();
        assert_eq!(database.name(), setup.url());
    }
    let error = DataFlow::from_env()
        .environment([("", ""); 0])
        .build()
        .err()
        .unwrap();
    assert_eq!(error.to_string(), "no database url is given");
    assert!(error.help().unwrap().contains("DATABASE_URL"));
}

#[test]
fn ddl_url_is_where_tables_are_made() {
    let setup = Setup::postgres();
    let main = format!(
        "{}?options=-c%20default_transaction_read_only%3Don",
        setup.url()
    );
    let builder = || {
        let builder = DataFlow::builder(&main).environment([("", ""); 0]);
        builder.model::<Country>()
    };
    let error = builder().open().err().unwrap();
    assert!(error.to_string().contains("read-only"), "{error}");
    builder().ddl_url(setup.url()).open().unwrap();
    assert!(setup.has_table("countries"));
    let other = setup
        .library()
        .ddl_url("sqlite://other.db")
        .build()
        .err()
        .unwrap();
    assert!(other.to_string().contains("ddl_url"), "{other}");
}

#[test]
fn a_ddl_url_to_another_database_or_schema_is_refused_and_nothing_is_made() {
    let (main, other) = (Setup::postgres(), Setup::postgres());
    main.sql("CREATE SCHEMA elsewhere");
    let other_schema = format!("{}?options=-c%20search_path%3Delsewhere", main.url());
    for ddl_url in [other.url(), &other_schema] {
        let error = main.library().ddl_url(ddl_url).open().err().unwrap();
        assert_eq!(error.kind(), Kind::Configuration);
        let expected = "ddl_url leads to another database than the database url";
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.details().len(), 2, "{error:?}");
    }
    for setup in [&main, &other] {
        assert!(!setup.has_table("countries"));
    }
    let made = main.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'elsewhere'");
    assert_eq!(made.as_deref(), Some("0"));
    // Another address of the same database is the point of the setting.
    let same = format!("{}?application_name=direct", main.url());
    main.library().ddl_url(same).open().unwrap();
}

#[test]
fn application_name_is_seen_in_the_registry_and_by_the_server() {
    let setup = Setup::postgres();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let database = setup.library().application_name("billing").open().unwrap();
    runtime.block_on(database.connect()).unwrap();
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'billing'";
    assert_eq!(setup.sql(sessions).as_deref(), Some("1"));
    let registered = "SELECT DISTINCT application FROM dataflow_model_registry";
    assert_eq!(setup.sql(registered).as_deref(), Some("billing"));
}

#[test]
fn connect_timeout_names_itself() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://ada@{}/db", silent.local_addr().unwrap());
    let began = Instant::now();
    let builder = DataFlow::builder(url).connect_timeout(Duration::from_millis(200));
    let error = builder.open().err().unwrap();
    assert!(began.elapsed() < Duration::from_secs(4));
    assert!(
        format!("{error:?}").contains("connect_timeout"),
        "{error:?}"
    );
}

/// One operation waits for a lock until `statement_timeout`, and holds the only connection.
#[tokio::test]
async fn statement_timeout_acquire_timeout_and_connection_pool_size_hold() {
    let setup = Setup::postgres();
    let builder = |size| {
        let builder = setup.library().connection_pool_size(size);
        builder
            .statement_timeout(Duration::from_millis(1_500))
            .acquire_timeout(Duration::from_millis(200))
    };
    for (size, is_second_answered) in [(1, false), (2, true)] {
        let database = builder(size).open().unwrap();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let url = setup.url().to_owned();
        let (held, holds) = std::sync::mpsc::channel();
        let holder = std::thread::spawn(move || {
            let mut client = ::postgres::Client::connect(&url, ::postgres::NoTls).unwrap();
            client.batch_execute("BEGIN; LOCK TABLE countries").unwrap();
            held.send(()).unwrap();
            released.recv().unwrap();
        });
        holds.recv().unwrap();
        let first = call(&database, "country_count", json!({}));
        let second = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            call(&database, "book_count", json!({})).await
        };
        let (first, second) = tokio::join!(first, second);
        release.send(()).unwrap();
        holder.join().unwrap();

        let error = first.unwrap_err();
        assert_eq!(error.kind(), Kind::Timeout);
        assert!(
            format!("{error:?}").contains("statement_timeout"),
            "{error:?}"
        );
        match second {
            Ok(count) => assert!(is_second_answered, "{count}"),
            Err(error) => {
                assert!(!is_second_answered, "{error:?}");
                assert!(
                    format!("{error:?}").contains("acquire_timeout"),
                    "{error:?}"
                );
            }
        }
    }
}

#[test]
fn lock_timeout_bounds_how_long_a_schema_change_waits() {
    #[derive(Model)]
    #[model(table = "countries")]
    struct Wider {
        #[model(primary_key)]
        code: String,
        #[model(unique)]
        name: String,
        area: Option<i64>,
    }
    let setup = Setup::postgres();
    setup.builder().model::<Country>().open().unwrap();
    setup.session(|client| {
        let mut reading = client.transaction().unwrap();
        reading.batch_execute("SELECT * FROM countries").unwrap();
        let began = Instant::now();
        let builder = setup.builder().model::<Wider>();
        let builder = builder.lock_timeout(Duration::from_millis(100));
        let error = builder.open().err().unwrap();
        assert!(began.elapsed() < Duration::from_millis(1_900));
        assert!(format!("{error:?}").contains("lock_timeout"), "{error:?}");
    });
}

#[test]
fn migration_timeout_bounds_how_long_a_start_waits_for_one_that_does_nothing() {
    for setup in [Setup::sqlite(), Setup::postgres()] {
        setup.builder().open().unwrap();
        let hold = match setup.is_sqlite() {
            true => "BEGIN IMMEDIATE",
            false => "SELECT pg_advisory_lock(1684431972, hashtext(current_schema()))",
        };
        setup.holding(hold, || {
            let began = Instant::now();
            let builder = setup.builder().model::<Country>();
            let keys = [("DATAFLOW__MIGRATION_TIMEOUT", "200ms")];
            let error = builder.environment(keys).open().err().unwrap();
            assert!(began.elapsed() < Duration::from_secs(20));
            assert_eq!(error.kind(), Kind::Timeout);
            assert!(error.to_string().contains("migration_timeout"), "{error:?}");
            assert!(error.help().unwrap().contains("migration_timeout"));
        });
        setup.builder().model::<Country>().open().unwrap();
    }
}

#[test]
fn replicas_and_credentials_are_for_postgres() {
    let builder = || DataFlow::builder("sqlite::memory:").environment([("", ""); 0]);
    let cases = [
        (builder().read_url("postgres://h/d"), "read_url"),
        (builder().read_url("sqlite://replica.db"), "read_url"),
        (
            builder().credentials(|| Ok(Credentials::new("a", "b"))),
            "credentials",
        ),
    ];
    for (builder, named) in cases {
        let error = builder.build().err().unwrap();
        assert_eq!(error.kind(), Kind::Configuration);
        assert!(error.to_string().contains(named), "{error}");
        assert!(error.help().is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_are_asked_for_before_each_connection() {
    let cluster = Cluster::start(Settings {
        auth: Auth::Scram {
            password: "first".to_owned(),
        },
        ..Settings::default()
    })
    .unwrap();
    let password = Arc::new(Mutex::new("first".to_owned()));
    let current = password.clone();
    let database = DataFlow::builder(cluster.url_as("nobody", None, "postgres"))
        .environment([("", ""); 0])
        .credentials(move || {
            Ok(Credentials::new(
                "postgres",
                current.lock().unwrap().clone(),
            ))
        })
        .model::<Country>()
        .open()
        .unwrap();
    let countries = database.repository::<Country>().unwrap();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();

    let url = cluster.url().to_owned();
    let change = move || {
        let mut client = ::postgres::Client::connect(&url, ::postgres::NoTls).unwrap();
        client
            .batch_execute("ALTER ROLE postgres PASSWORD 'second'")
            .unwrap();
        client
            .batch_execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE application_name = 'dataflow'",
            )
            .unwrap();
    };
    std::thread::spawn(change).join().unwrap();
    let error = countries.read(&"it".to_owned()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    *password.lock().unwrap() = "second".to_owned();
    assert_eq!(
        countries.read(&"it".to_owned()).await.unwrap().name,
        "Italy"
    );
}

async fn migration_policy_says_which_changes_are_made(setup: Setup) {
    setup.builder().model::<Country>().open().unwrap();
    setup.sql("ALTER TABLE countries RENAME TO states");
    #[derive(Debug, Clone, Model)]
    #[model(table = "nations", renamed_from = "states")]
    struct Nation {
        #[model(primary_key)]
        code: String,
        #[model(unique)]
        name: String,
    }
    let builder = || setup.builder().model::<Nation>();
    assert!(builder().open().is_err());
    assert!(setup.has_table("states"));
    builder().migration_policy(Policy::Full).open().unwrap();
    assert!(setup.has_table("nations"));
}
