//! Bringing a connection to rest that somebody left in the middle of something.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::options;
use super::session::Session;
use super::shared::Shared;

/// What was left may be about to end by itself.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long the whole recovery may take; a connection that needs longer is closed.
const DEADLINE: Duration = Duration::from_secs(5);

/// Stops what the connection is doing, throws away what it still sends, and ends its transaction.
/// Nothing is answered when it cannot be brought to rest: it is then closed.
pub(super) async fn recover(
    shared: &Arc<Shared>,
    mut session: Session,
    in_transaction: bool,
) -> Option<Session> {
    let rested = timeout(DEADLINE, rest(shared, &mut session, in_transaction)).await;
    match rested {
        Ok(Ok(())) => Some(session),
        _ => None,
    }
}

async fn rest(
    shared: &Arc<Shared>,
    session: &mut Session,
    in_transaction: bool,
) -> Result<(), sqlx::Error> {
    if let Ok(drained) = timeout(PATIENCE, drain(session)).await {
        drained?;
    } else {
        // Behind a pooler only that knows the process; it ends with the connection.
        let of_its_own = session.of_each_transaction.is_none();
        let Some(process) = session.process.filter(|_| of_its_own) else {
            return Err(sqlx::Error::Protocol("its process is not known".to_owned()));
        };
        cancel(shared, &session.runtime, process).await?;
        drain(session).await?;
    }
    if in_transaction {
        session
            .connection
            .execute(sqlx::raw_sql("ROLLBACK"))
            .await?;
    }
    Ok(())
}

/// Waits until the server is ready, past the error of the statement that was left, if it has one.
async fn drain(session: &mut Session) -> Result<(), sqlx::Error> {
    match session.connection.ping().await {
        Err(sqlx::Error::Database(_)) => session.connection.ping().await,
        answer => answer,
    }
}

/// Asks the server to stop a process, over a connection that rests or else a new one. The process
/// is ours while its session is, so nobody else's statement is hit.
async fn cancel(shared: &Arc<Shared>, runtime: &Handle, process: i32) -> Result<(), sqlx::Error> {
    if let Some(mut resting) = shared.take_idle(runtime)
        && ask_to_stop(&mut resting.connection, process).await.is_ok()
    {
        shared.put_idle(resting);
        return Ok(());
    }
    let options = shared
        .endpoint_of_the_moment()
        .await
        .and_then(|endpoint| options::of(&endpoint, &shared.settings))
        .map_err(|error| sqlx::Error::Configuration(error.into()))?;
    let mut connection = options.connect().await?;
    ask_to_stop(&mut connection, process).await?;
    connection.close().await
}

async fn ask_to_stop(connection: &mut PgConnection, process: i32) -> Result<(), sqlx::Error> {
    let sql = sqlx::query("SELECT pg_cancel_backend($1)").bind(process);
    connection.execute(sql).await.map(drop)
}
