use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use dataflow_core::Model;
use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::schema::SchemaSet;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::setup::Setup;

#[derive(Model)]
struct Note {
    #[model(primary_key)]
    id: String,
    #[model(unique)]
    title: String,
}

fn synchronize(setup: &Setup) -> Outcome {
    let schema_set = SchemaSet::new().model::<Note>().validated().unwrap();
    let options = SyncOptions::default();
    setup
        .executor()
        .synchronize(&schema_set, &options)
        .unwrap()
        .outcome()
}

const APPLIED: Outcome = Outcome::Applied { steps: 2 };

#[test]
fn it_works_without_a_runtime() {
    for setup in Setup::both() {
        assert_eq!(synchronize(&setup), APPLIED);
    }
}

#[test]
fn it_works_inside_a_current_thread_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        for setup in Setup::both() {
            assert_eq!(synchronize(&setup), APPLIED);
        }
    });
}

#[test]
fn it_works_inside_a_multi_thread_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    for setup in Setup::both() {
        let worker = runtime.spawn(async move { synchronize(&setup) });
        assert_eq!(runtime.block_on(worker).unwrap(), APPLIED);
    }
}

#[test]
fn it_works_inside_a_handler() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_io()
        .build()
        .unwrap();
    for setup in Setup::both() {
        let setup = Arc::new(setup);
        let handler = move || async move { format!("{:?}", synchronize(&setup)) };
        let answer = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let router = Router::new().route("/", get(handler));
            let server = tokio::spawn(async { axum::serve(listener, router).await });
            let mut stream = TcpStream::connect(address).await.unwrap();
            let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            server.abort();
            answer
        });
        assert!(answer.ends_with(&format!("{APPLIED:?}")), "{answer}");
    }
}
