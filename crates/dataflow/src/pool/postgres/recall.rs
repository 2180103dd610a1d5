//! Asking over a fresh connection whether the tables are as they were left.

use dataflow_core::ddl::{Recall, Recorded};
use dataflow_ddl_sync::RecallQuery;
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
    let query = RecallQuery::new(recall.application(), recall.probe());
    let sql = format!("{PROCESS}; {}", query.sql());
    let mut rows = session.connection.fetch(sqlx::raw_sql(AssertSqlSafe(sql)));
    let mut next = async || rows.try_next().await.map_err(|fault| error::of(&fault));
    let process = next().await?;
    session.process = process.and_then(|row| row.try_get(0).ok());
    let mut recorded = None;
    while let Some(row) = next().await? {
        recorded = recorded.or_else(|| query.read(|at| text(&row, at)));
    }
    Ok(recorded)
}

fn text(row: &PgRow, at: usize) -> Option<&str> {
    row.try_get_raw(at).ok()?.as_str().ok()
}
