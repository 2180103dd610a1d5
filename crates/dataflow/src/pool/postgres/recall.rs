//! Asking over a fresh connection whether the tables are as they were left.

use dataflow_core::ddl::{Recall, Recorded};
use dataflow_ddl_sync::recall_query;
use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Executor, PgConnection, Row};

use super::error;
use crate::pool::failure::Failure;

/// One simple query, so that it is one round trip and every column comes as text. A row that cannot
/// be read counts as none: the schema check then looks for itself.
pub(super) async fn recorded(
    connection: &mut PgConnection,
    recall: &Recall,
) -> Result<Option<Recorded>, Failure> {
    let sql = recall_query(recall.application(), recall.has_probe());
    let mut rows = connection.fetch(sqlx::raw_sql(AssertSqlSafe(sql)));
    let mut recorded = None;
    while let Some(row) = rows.try_next().await.map_err(|fault| error::of(&fault))? {
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
