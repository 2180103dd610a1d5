//! Bringing a connection to rest that somebody left in the middle of something.

use std::time::Duration;

use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
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
    shared: &Shared,
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
    shared: &Shared,
    session: &mut Session,
    in_transaction: bool,
) -> Result<(), sqlx::Error> {
    match timeout(PATIENCE, drain(session)).await {
        Ok(drained) => drained?,
        // Which process works for it, the pooler knows; it ends with the connection.
        Err(_) if session.of_each_transaction.is_some() => {
            return Err(sqlx::Error::Protocol("its process is not known".to_owned()));
        }
        Err(_) => {
            cancel(shared, session).await?;
            drain(session).await?;
        }
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
async fn cancel(shared: &Shared, session: &Session) -> Result<(), sqlx::Error> {
    if let Some(mut resting) = shared.take_idle(&session.runtime)
        && ask_to_stop(&mut resting.connection, session.process)
            .await
            .is_ok()
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
    ask_to_stop(&mut connection, session.process).await?;
    connection.close().await
}

async fn ask_to_stop(connection: &mut PgConnection, process: i32) -> Result<(), sqlx::Error> {
    let sql = sqlx::query("SELECT pg_cancel_backend($1)").bind(process);
    connection.execute(sql).await.map(drop)
}
