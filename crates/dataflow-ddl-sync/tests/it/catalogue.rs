//! What reading the catalogue of many tables costs: as many statements as that of one.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, Migrate, SyncOptions};
use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_ddl_sync::{SyncDDLExecutor, synchronize_on};
use rusqlite::hooks::{AuthAction, Authorization};

use crate::models::{model, set};
use crate::setup::{Setup, WAIT};

fn models(count: usize) -> Vec<ModelSchema> {
    (0..count)
        .map(|number| model(&format!("Model{number}")))
        .collect()
}

/// Every start compares in full.
fn in_full() -> SyncOptions {
    SyncOptions {
        drift_check: DriftCheck::Full,
        migrate: Migrate::Verify,
        ..SyncOptions::default()
    }
}

#[test]
fn postgres_is_asked_as_often_for_300_tables_as_for_one() {
    let asked = [1, 10, 300].map(|count| {
        let setup = Setup::postgres();
        setup.outcome(models(count));
        let proxy = Proxy::before(&setup);
        let executor = SyncDDLExecutor::new(proxy.url.parse().unwrap());
        let ready = executor.synchronize(&set(models(count)), &in_full());
        assert!(ready.unwrap().findings().is_empty());
        proxy.queries.load(Ordering::SeqCst)
    });
    assert!(asked[0] > 0);
    assert_eq!(asked, [asked[0]; 3]);
}

#[test]
fn sqlite_is_asked_as_often_for_300_tables_as_for_one() {
    let asked = [1, 10, 300].map(|count| inspection_of(count).selects);
    assert!(asked[0] > 0);
    assert_eq!(asked, [asked[0]; 3]);
}

#[test]
fn sqlites_work_grows_with_the_tables_and_not_with_their_square() {
    let (few, many) = (inspection_of(30).steps, inspection_of(300).steps);
    assert!(few > 0);
    assert!(many < 20 * few, "{few} steps for 30 tables, {many} for 300");
}

/// What a full comparison asked of SQLite.
struct Inspection {
    /// How many selects stood in the statements that were prepared.
    selects: usize,
    /// How many hundreds of instructions they took.
    steps: usize,
}

fn inspection_of(count: usize) -> Inspection {
    let setup = Setup::sqlite();
    setup.outcome(models(count));
    let mut connection = setup.sqlite_connection();
    let (selects, steps) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = selects.clone();
    connection
        .authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| {
            if matches!(context.action, AuthAction::Select) {
                counted.fetch_add(1, Ordering::SeqCst);
            }
            Authorization::Allow
        }))
        .unwrap();
    let counted = steps.clone();
    connection
        .progress_handler(
            100,
            Some(move || {
                counted.fetch_add(1, Ordering::SeqCst);
                false
            }),
        )
        .unwrap();
    let path = setup.url().strip_prefix("sqlite://").unwrap();
    let endpoint = SqliteEndpoint::File(path.into());
    let ready = synchronize_on(
        &mut connection,
        &endpoint,
        &set(models(count)),
        &in_full(),
        WAIT,
    );
    assert!(ready.unwrap().findings().is_empty());
    Inspection {
        selects: selects.load(Ordering::SeqCst),
        steps: steps.load(Ordering::SeqCst),
    }
}

/// Stands before a server and counts the simple queries that go through.
struct Proxy {
    url: String,
    queries: Arc<AtomicUsize>,
}

impl Proxy {
    fn before(setup: &Setup) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (before, rest) = setup.url().split_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let (server, queries) = (server.to_owned(), Arc::new(AtomicUsize::new(0)));
        let url = format!("{before}@{address}/{database}?sslmode=disable");
        let counted = queries.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(&server).unwrap();
                let (mut answers, mut back) =
                    (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || {
                    let _ = std::io::copy(&mut answers, &mut back);
                    let _ = back.shutdown(Shutdown::Both);
                });
                let _ = forward(client, server, &counted);
            }
        });
        Self { url, queries }
    }
}

/// The first message has a length alone, each later one a letter before it.
fn forward(
    mut client: TcpStream,
    mut server: TcpStream,
    queries: &AtomicUsize,
) -> std::io::Result<()> {
    let mut is_first = true;
    loop {
        let mut head = vec![0; if is_first { 4 } else { 5 }];
        client.read_exact(&mut head)?;
        if !is_first && head[0] == b'Q' {
            queries.fetch_add(1, Ordering::SeqCst);
        }
        let length = u32::from_be_bytes(head[head.len() - 4..].try_into().unwrap());
        let mut body = vec![0; length as usize - 4];
        client.read_exact(&mut body)?;
        server.write_all(&head)?;
        server.write_all(&body)?;
        is_first = false;
    }
}
