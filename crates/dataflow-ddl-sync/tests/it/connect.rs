use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use dataflow_core::error::{Kind, Result};
use dataflow_ddl_sync::SyncDDLExecutor;
use private_postgres::{Auth, Authority, Cluster, Settings};

use crate::setup::Setup;

fn connect(url: &str) -> Result<bool> {
    SyncDDLExecutor::new(url.parse()?).table_exists("users")
}

#[test]
fn a_login_that_is_refused_says_what_was_wrong_and_no_password() {
    let password = "c4nary".to_owned();
    let auth = Auth::Scram {
        password: password.clone(),
    };
    let cluster = Cluster::start(Settings {
        auth,
        ..Settings::default()
    })
    .unwrap();
    connect(cluster.url()).unwrap();
    let cases = [
        (
            cluster.url_as("postgres", Some("c4naryX"), "postgres"),
            "refuses user \"postgres\"",
        ),
        (
            cluster.url_as("nobody", Some(&password), "postgres"),
            "refuses user \"nobody\"",
        ),
        (
            cluster.url_as("postgres", Some(&password), "nowhere"),
            "database \"nowhere\" does not exist",
        ),
        (
            cluster.url_as("postgres", None, "postgres"),
            "password missing",
        ),
    ];
    for (url, expected) in cases {
        let error = connect(&url).unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.help().is_some());
        assert!(!format!("{error:?}").contains("c4nary"), "{error:?}");
    }
}

#[test]
fn e14_an_unreachable_server_is_named_and_a_silent_one_does_not_stall() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = format!("postgres://postgres@127.0.0.1:{port}/app?connect_timeout=1");
    let start = Instant::now();
    let error = connect(&silent).unwrap_err();
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("connect_timeout"), "{error}");

    let executor = SyncDDLExecutor::new(silent.parse().unwrap());
    let start = Instant::now();
    let executor = executor.connect_timeout(Duration::from_millis(100));
    assert_eq!(
        executor.table_exists("users").unwrap_err().kind(),
        Kind::Timeout
    );
    assert!(start.elapsed() < Duration::from_secs(1));

    drop(listener);
    let error = connect(&silent).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.to_string().contains("refused"), "{error}");

    let error = connect("postgres://postgres@no-such-host.invalid/app").unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(
        error.to_string().contains("no-such-host.invalid"),
        "{error}"
    );
}

#[test]
fn every_ssl_mode_means_what_it_means_to_libpq() {
    let authority = Authority::create().unwrap();
    let stranger = Authority::create().unwrap();
    let cluster = Cluster::start(Settings {
        tls: Some(authority.issue("localhost").unwrap()),
        ..Settings::default()
    })
    .unwrap();
    let named = cluster.url().replacen("127.0.0.1", "localhost", 1);
    let (known, unknown) = (authority.root_certificate(), stranger.root_certificate());
    let misnamed = cluster.url();
    let cases: [(&str, &str, Option<&Path>, bool); 14] = [
        (misnamed, "disable", None, true),
        (misnamed, "prefer", None, true),
        (misnamed, "prefer", Some(unknown), true),
        (misnamed, "require", None, true),
        (misnamed, "require", Some(known), true),
        (misnamed, "require", Some(unknown), false),
        (misnamed, "verify-ca", Some(known), true),
        (misnamed, "verify-ca", Some(unknown), false),
        (misnamed, "verify-ca", None, false),
        (misnamed, "verify-full", Some(known), false),
        (&named, "verify-full", Some(known), true),
        (&named, "verify-full", Some(unknown), false),
        (&named, "verify-full", None, false),
        (&named, "verify-ca", Some(known), true),
    ];
    for (url, mode, root, is_trusted) in cases {
        let root = root.map_or_else(String::new, |path| {
            format!("&sslrootcert={}", path.display())
        });
        let url = format!("{url}?sslmode={mode}{root}");
        match (connect(&url), is_trusted) {
            (Ok(_), true) => {}
            (Err(error), false) => {
                assert_eq!(error.kind(), Kind::Unavailable);
                assert!(error.to_string().contains("certificate"), "{url}: {error}");
                assert!(
                    error.help().unwrap().contains("sslrootcert"),
                    "{url}: {error:?}"
                );
            }
            (outcome, _) => panic!("{url}: {outcome:?}"),
        }
    }
}

#[test]
fn a_server_without_tls_is_accepted_only_where_the_mode_allows() {
    let setup = Setup::postgres();
    for mode in ["disable", "prefer"] {
        connect(&format!("{}?sslmode={mode}", setup.url())).unwrap();
    }
    for mode in ["require", "verify-ca", "verify-full"] {
        let error = connect(&format!("{}?sslmode={mode}", setup.url())).unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable);
        assert!(error.to_string().contains("TLS"), "{error}");
        assert!(error.help().unwrap().contains("sslmode=prefer"));
    }
}

#[test]
fn root_certificates_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.crt");
    std::fs::write(&empty, "").unwrap();
    for path in [empty, folder.path().join("missing.crt")] {
        let url = format!(
            "postgres://postgres@127.0.0.1:1/app?sslmode=verify-ca&sslrootcert={}",
            path.display()
        );
        let error = connect(&url).unwrap_err();
        assert_eq!(error.kind(), Kind::Configuration);
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn a_folder_of_sockets_is_a_host() {
    let cluster = Cluster::start(Settings::default()).unwrap();
    let folder = cluster.socket_directory().display();
    let port = cluster.port();
    let url = format!("postgres://postgres@localhost:{port}/postgres?host={folder}");
    assert!(!connect(&url).unwrap());
    assert!(!connect(&format!("{url}&sslmode=require")).unwrap());
}

#[test]
fn the_server_sees_who_it_is() {
    let setup = Setup::postgres();
    let url = format!("{}?application_name=shop", setup.url());
    SyncDDLExecutor::new(url.parse().unwrap())
        .execute_batch(&["CREATE TABLE seen AS SELECT current_setting('application_name') AS name"])
        .unwrap();
    let sql = "SELECT count(*) FROM seen WHERE name LIKE 'dataflow-ddl % shop'";
    assert_eq!(setup.number(sql), 1);
}
