//! Starts that must fail: one error, exit code 1, and nothing created.

use std::net::TcpListener;
use std::time::Duration;

use private_postgres::test_database_url;

use super::process::Ended;
use super::setup::{Setup, on_every_database};

on_every_database!(
    an_environment_key_that_is_wrong_is_named,
    a_taken_port_is_named,
    an_open_address_without_credentials_is_refused,
);

fn an_environment_key_that_is_wrong_is_named(setup: &Setup) {
    for (key, value, expected) in [
        ("DATAFLOW__POOL_SIZE", "5", "CONNECTION_POOL_SIZE"),
        (
            "DATAFLOW__CONNECTION_POOL_SIZ",
            "5",
            "did you mean DATAFLOW__CONNECTION_POOL_SIZE",
        ),
        (
            "DATAFLOW__CONNECTION_POOL_SIZE",
            "many",
            "DATAFLOW__CONNECTION_POOL_SIZE",
        ),
        ("DATAFLOW__CONNECTION_POOL_SIZE", "0", "pool"),
        (
            "DATAFLOW__AUTO_MIGRATE",
            "perhaps",
            "DATAFLOW__AUTO_MIGRATE",
        ),
        (
            "DATAFLOW__CONNECT_TIMEOUT",
            "soon",
            "DATAFLOW__CONNECT_TIMEOUT",
        ),
        ("DATAFLOW__CONNECT_TIMEOUT", "0s", "connect_timeout"),
        ("NEXUS__API_PROT", "0", "did you mean NEXUS__API_PORT"),
        ("NEXUS__API_PORT", "70000", "NEXUS__API_PORT"),
        ("NEXUS__MCP_PORT", "tcp://10.0.0.1:80", "NEXUS__MCP_PORT"),
        ("NEXUS__ENABLE_METRICS", "perhaps", "NEXUS__ENABLE_METRICS"),
        ("NEXUS__HOST", "not an address", "host"),
    ] {
        let ended = setup.launch("quickstart").env(key, value).run();
        check(&format!("{key}={value}"), setup, &ended, expected);
    }
}

fn a_taken_port_is_named(setup: &Setup) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (key, setting) in [
        ("NEXUS__API_PORT", "api_port"),
        ("NEXUS__MCP_PORT", "mcp_port"),
    ] {
        let ended = setup.launch("quickstart").env(key, &port).run();
        check(key, setup, &ended, &port);
        assert!(ended.stderr.contains(setting), "{ended:?}");
    }
}

fn an_open_address_without_credentials_is_refused(setup: &Setup) {
    let launch = || setup.launch("quickstart").env("NEXUS__HOST", "0.0.0.0");

    check("0.0.0.0", setup, &launch().run(), "allow_anonymous");

    let program = launch().env("NEXUS__ALLOW_ANONYMOUS", "true").start();
    assert!(
        program.report().contains("0.0.0.0:"),
        "{}",
        program.report()
    );
}

#[test]
fn a_url_that_names_no_database_is_told() {
    for (url, expected) in [
        ("mysql://root:canary@localhost/app", "mysql"),
        ("canary", "scheme"),
        ("sqlite://", "sqlite"),
        ("sqlite://app.db?mode=ro", "mode"),
        ("sqlite://no/such/folder/app.db", "no/such/folder"),
        ("postgres://", "host"),
        (
            "postgres://ada:canary@localhost/app?sslmode=maybe",
            "sslmode",
        ),
        ("postgres://ada:canary@localhost/app?colour=red", "colour"),
        ("postgres://ada:canary@localhost:port/app", "postgres"),
    ] {
        let setup = Setup::sqlite();
        let ended = setup.launch("quickstart").env("DATABASE_URL", url).run();
        check(url, &setup, &ended, expected);
    }
}

#[test]
fn a_missing_database_is_named() {
    let setup = Setup::sqlite();
    let server = test_database_url();
    let (server, _) = server.rsplit_once('/').unwrap();
    let url = format!("{server}/there_is_no_such_database");

    let ended = setup.launch("quickstart").env("DATABASE_URL", &url).run();

    check(
        "a missing database",
        &setup,
        &ended,
        "there_is_no_such_database",
    );
}

#[test]
fn e14_an_unreachable_database_is_told_within_connect_timeout() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for (case, address, expected) in [
        (
            "a server that does not answer",
            silent.local_addr().unwrap(),
            "connect_timeout",
        ),
        ("a port that nobody listens on", closed, "127.0.0.1"),
    ] {
        let setup = Setup::sqlite();
        let url = format!("postgres://ada:canary@{address}/app");

        let launch = setup.launch("quickstart").env("DATABASE_URL", &url);
        let ended = launch.env("DATAFLOW__CONNECT_TIMEOUT", "500ms").run();

        check(case, &setup, &ended, expected);
        assert!(
            ended.stderr.contains(&address.port().to_string()),
            "{case}: {ended:?}"
        );
        assert!(ended.took < Duration::from_secs(3), "{case}: {ended:?}");
    }
}

/// Kubernetes injects such variables for a service of that name.
#[test]
fn a_key_with_one_underscore_belongs_to_somebody_else() {
    let setup = Setup::sqlite();
    let launch = setup
        .launch("quickstart")
        .env("NEXUS_PORT", "tcp://10.0.0.1:80");
    let program = launch.env("DATAFLOW_PORT", "tcp://10.0.0.1:80").start();
    assert_eq!(program.http().get("/ready").status, 200);
}

/// One error, with the remedy; no report, no file, no table, no password.
fn check(case: &str, setup: &Setup, ended: &Ended, expected: &str) {
    assert_eq!(ended.status.code(), Some(1), "{case}: {ended:?}");
    assert!(ended.stderr.contains(expected), "{case}: {ended:?}");
    assert!(ended.stderr.starts_with("Error: "), "{case}: {ended:?}");
    assert!(ended.stderr.contains("help: "), "{case}: {ended:?}");
    assert!(ended.stderr.lines().count() <= 6, "{case}: {ended:?}");
    assert!(!ended.stderr.contains("canary"), "{case}: {ended:?}");
    assert!(ended.stdout.is_empty(), "{case}: {ended:?}");
    assert!(setup.is_untouched(), "{case}");
}
