//! The baseline of bench-startup: connects, does `SELECT 1`, binds a port and answers.
//!
//! `startup-bare URL`

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use sqlx::{Connection, PgConnection};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: startup-bare URL")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let router = match url.strip_prefix("sqlite://") {
            Some(path) => sqlite(path)?,
            None => postgres(&url).await?,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("ready http://{}", listener.local_addr()?);
        axum::serve(listener, router).await?;
        Ok(())
    })
}

async fn postgres(url: &str) -> Result<Router, Box<dyn Error>> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query("SELECT 1").execute(&mut connection).await?;
    let shared = Arc::new(Mutex::new(connection));
    let answer = |State(connection): State<Arc<Mutex<PgConnection>>>| async move {
        let mut connection = connection.lock().await;
        let answered = sqlx::query("SELECT 1").execute(&mut *connection).await;
        answered.map_or("down", |_| "up")
    };
    Ok(Router::new().route("/", get(answer)).with_state(shared))
}

fn sqlite(path: &str) -> Result<Router, Box<dyn Error>> {
    let connection = rusqlite::Connection::open(path)?;
    connection.query_row("SELECT 1", [], |_| Ok(()))?;
    let shared = Arc::new(Mutex::new(connection));
    let answer = |State(connection): State<Arc<Mutex<rusqlite::Connection>>>| async move {
        let connection = connection.lock().await;
        let answered = connection.query_row("SELECT 1", [], |_| Ok(()));
        answered.map_or("down", |()| "up")
    };
    Ok(Router::new().route("/", get(answer)).with_state(shared))
}
