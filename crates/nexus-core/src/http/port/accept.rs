//! The accept loop of a port.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::{Limits, Listener, connection};
use crate::Shutdown;

/// How long the loop rests when the process has no file left for a connection; at most so much is
/// added to what the waiting client sees.
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// Serves a router until the shutdown begins, then finishes what is in flight.
///
/// Connections beyond [`Limits::connections`] wait in the listen queue. At the end the port is
/// closed at once, idle connections too; what still runs after [`Limits::drain`] is cut off.
pub async fn serve(listener: Listener, router: Router, limits: Limits, shutdown: Shutdown) {
    let limits = Arc::new(limits);
    let free_places = Arc::new(Semaphore::new(
        limits.connections.min(Semaphore::MAX_PERMITS),
    ));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();

    loop {
        let (tcp_stream, place) = tokio::select! {
            biased;
            () = shutdown.begun() => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener, &free_places) => accepted,
        };
        let connection = connection::serve(tcp_stream, router.clone(), Arc::clone(&limits));
        let watched = graceful.watch(connection);
        connections.spawn(async move {
            let _place = place;
            if let Err(error) = watched.await {
                tracing::debug!("connection ended: {error}");
            }
        });
    }

    drop(listener);
    if tokio::time::timeout(limits.drain, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            cut_off = connections.len(),
            "requests were still running after the drain deadline"
        );
    }
    connections.shutdown().await;
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &Listener,
    free_places: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    let place = Arc::clone(free_places)
        .acquire_owned()
        .await
        .expect("the semaphore is never closed");
    loop {
        match listener.tcp_listener().accept().await {
            Ok((tcp_stream, _)) => {
                // An answer is one write; waiting for more to send would only delay it.
                if let Err(error) = tcp_stream.set_nodelay(true) {
                    tracing::debug!("TCP_NODELAY refused: {error}");
                }
                return (tcp_stream, place);
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!("cannot accept connections: {error}");
                tokio::time::sleep(OUT_OF_FILES).await;
            }
        }
    }
}

/// The client went away before it was accepted; any other error is of the process, and would come
/// back at once.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted
    )
}
