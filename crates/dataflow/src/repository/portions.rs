//! Many rows, portion by portion.

use std::sync::Arc;

use dataflow_core::{Error, Result};
use futures_util::stream::{self, Stream, TryStreamExt as _};

use crate::table::{Beginning, Selection, Table};

/// How many rows are in memory at once.
const PORTION: usize = 500;

/// What is left to be read.
struct Rest {
    table: Arc<Table>,
    selection: Selection,
    /// How many rows may still be given; none for any number.
    limit: Option<usize>,
}

/// The rows of a selection, read in portions of which each begins where the one before ended.
pub(super) fn portions<T, F>(
    table: Arc<Table>,
    selection: Selection,
    limit: Option<usize>,
    read: impl Fn(Arc<Table>, Selection) -> F + Send,
) -> impl Stream<Item = Result<T>> + Send
where
    T: Send,
    F: Future<Output = Result<(Vec<T>, Option<String>)>> + Send,
{
    let rest = Rest {
        table,
        selection,
        limit,
    };
    let portions = stream::try_unfold(Some(rest), move |rest| {
        let portion = rest.map(|mut rest| {
            rest.selection.limit = rest.limit.map_or(PORTION, |limit| limit.min(PORTION));
            let portion = read(rest.table.clone(), rest.selection.clone());
            (rest, portion)
        });
        async move {
            let Some((mut rest, portion)) = portion else {
                return Ok::<_, Error>(None);
            };
            let (rows, next) = portion.await?;
            rest.limit = rest.limit.map(|limit| limit - rows.len());
            let next = next.filter(|_| rest.limit != Some(0));
            let rest = next.map(|cursor| {
                rest.selection.from = Beginning::Cursor(cursor);
                rest
            });
            Ok(Some((stream::iter(rows.into_iter().map(Ok)), rest)))
        }
    });
    portions.try_flatten()
}
