//! Asking over a fresh connection whether the tables are as they were left.

use dataflow_core::ddl::{Recall, Recorded};
use dataflow_ddl_sync::recall_query;
use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Executor, Row};

use super::error;
use super::session::{PROCESS, Session};
use crate::pool::failure::Failure;

/// One simple query, so that it is one round trip and every column comes as text. The server's
/// process comes first. A row that cannot be read counts as none: the schema check then looks for
/// itself.
pub(super) async fn recorded(
    session: &mut Session,
    recall: &Recall,
) -> Result<Option<Recorded>, Failure> {
    let query = recall_query(recall.application(), recall.probe());
    let sql = format!("{PROCESS}; {query}");
    let mut rows = session.connection.fetch(sqlx::raw_sql(AssertSqlSafe(sql)));
    let mut next = async || rows.try_next().await.map_err(|fault| error::of(&fault));
    let process = next().await?;
    session.process = process.and_then(|row| row.try_get(0).ok());
    let mut recorded = None;
    while let Some(row) = next().await? {
        recorded = read(&row);
    }
    Ok(recorded)
}

fn read(row: &PgRow) -> Option<Recorded> {
    let fingerprint: &str = row.try_get(0).ok()?;
    Some(Recorded {
        fingerprint: fingerprint.parse().ok()?,
        is_unmoved: row.try_get(1).ok()?,
    })
}
