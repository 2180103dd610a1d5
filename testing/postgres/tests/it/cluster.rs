//! The life of a server.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use private_postgres::{Auth, Cluster, Settings};

fn ask(url: &str, sql: &str) -> Result<String, postgres::Error> {
    Client::connect(url, NoTls)?
        .query_one(sql, &[])
        .map(|row| row.get(0))
}

#[test]
fn a_dropped_cluster_leaves_neither_server_nor_directory() {
    let cluster = Cluster::start(Settings::default()).unwrap();
    let directory = cluster.socket_directory().to_owned();
    let port = cluster.port();
    assert_eq!(
        ask(cluster.url(), "SELECT current_user::text").unwrap(),
        "postgres"
    );
    assert!(directory.exists());

    drop(cluster);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(!directory.exists());
}

#[test]
fn a_stopped_cluster_comes_back_with_its_data_on_the_same_port() {
    let mut cluster = Cluster::start(Settings::default()).unwrap();
    let port = cluster.port();
    Client::connect(cluster.url(), NoTls)
        .unwrap()
        .batch_execute("CREATE TABLE kept ()")
        .unwrap();

    cluster.stop().unwrap();
    assert!(Client::connect(cluster.url(), NoTls).is_err());

    cluster.start_again().unwrap();
    assert_eq!(cluster.port(), port);
    assert_eq!(
        ask(cluster.url(), "SELECT to_regclass('kept')::text").unwrap(),
        "kept"
    );
}

#[test]
fn scram_refuses_a_wrong_password() {
    let auth = Auth::Scram {
        password: "p@ss/word".into(),
    };
    let cluster = Cluster::start(Settings {
        auth,
        ..Settings::default()
    })
    .unwrap();
    assert_eq!(ask(cluster.url(), "SELECT 'in'").unwrap(), "in");

    let wrong = cluster.url_as("postgres", Some("guess"), "postgres");
    let error = ask(&wrong, "SELECT 'in'").unwrap_err();
    assert_eq!(error.code().unwrap().code(), "28P01");
}

#[test]
fn extra_settings_reach_the_server() {
    let extra = vec![("max_connections".into(), "17".into())];
    let cluster = Cluster::start(Settings {
        extra,
        ..Settings::default()
    })
    .unwrap();
    assert_eq!(ask(cluster.url(), "SHOW max_connections").unwrap(), "17");
}

#[test]
fn a_killed_owner_takes_server_and_directory_along() {
    let mut owner = Command::new(env!("CARGO_BIN_EXE_private-postgres"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(owner.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    let directory = ask(url.trim(), "SHOW unix_socket_directories").unwrap();
    assert!(Path::new(&directory).exists());

    owner.kill().unwrap();
    owner.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while Path::new(&directory).exists() {
        assert!(Instant::now() < deadline, "{directory} is still there");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(Client::connect(url.trim(), NoTls).is_err());
}
