//! What a careful person writes in a hundred lines: a blocking and an async connection, opened side
//! by side, and the same check of an unchanged schema that `startup-nexus` makes.
//!
//! `startup-hundred URL`

use std::error::Error;
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use dataflow_core::ddl::Probe;
use dataflow_ddl_sync::RecallQuery;
use sqlx::{Connection, PgConnection};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let url = std::env::args()
        .nth(1)
        .ok_or("usage: startup-hundred URL")?;
    let check = {
        let url = url.clone();
        thread::spawn(move || match url.strip_prefix("sqlite://") {
            Some(path) => check_sqlite(path),
            None => check_postgres(&url),
        })
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let router = match url.strip_prefix("sqlite://") {
            Some(path) => sqlite(path)?,
            None => postgres(&url).await?,
        };
        check.join().map_err(|_| "the check panicked")??;
        println!("ready http://{}", listener.local_addr()?);
        axum::serve(listener, router).await?;
        Ok(())
    })
}

fn check_postgres(url: &str) -> Result<(), Failure> {
    let mut client = ::postgres::Client::connect(url, ::postgres::NoTls)?;
    client.simple_query(&RecallQuery::new("default", Some(Probe::default())).sql())?;
    Ok(())
}

fn check_sqlite(path: &str) -> Result<(), Failure> {
    let connection = rusqlite::Connection::open(path)?;
    let sql = "SELECT fingerprint, cookie FROM dataflow_schema_state";
    connection.query_row(sql, [], |_| Ok(()))?;
    connection.query_row("PRAGMA schema_version", [], |_| Ok(()))?;
    Ok(())
}

async fn postgres(url: &str) -> Result<Router, Failure> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query("SELECT 1").execute(&mut connection).await?;
    let answer = |State(connection): State<Arc<Mutex<PgConnection>>>| async move {
        let mut connection = connection.lock().await;
        let answered = sqlx::query("SELECT 1").execute(&mut *connection).await;
        answered.map_or("down", |_| "up")
    };
    let state = Arc::new(Mutex::new(connection));
    Ok(Router::new().route("/", get(answer)).with_state(state))
}

fn sqlite(path: &str) -> Result<Router, Failure> {
    let connection = rusqlite::Connection::open(path)?;
    let answer = |State(connection): State<Arc<Mutex<rusqlite::Connection>>>| async move {
        let connection = connection.lock().await;
        let answered = connection.query_row("SELECT 1", [], |_| Ok(()));
        answered.map_or("down", |()| "up")
    };
    let state = Arc::new(Mutex::new(connection));
    Ok(Router::new().route("/", get(answer)).with_state(state))
}
