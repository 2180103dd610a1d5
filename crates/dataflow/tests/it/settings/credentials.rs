//! Who logs in.

use std::sync::{Arc, Mutex};

use dataflow::error::Kind;
use dataflow::{Credentials, DataFlow};
use private_postgres::{Auth, Cluster, Settings};

use crate::models::Country;

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
