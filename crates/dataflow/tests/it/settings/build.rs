//! What `build` understands, and every mistake it finds at once.

use std::time::Duration;

use dataflow::DataFlow;
use dataflow::error::Kind;
use dataflow::node::Source as _;

use crate::models::Country;
use crate::setup::Setup;

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
