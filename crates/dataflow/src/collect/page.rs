//! Rows up to a limit, and where the next page begins.

use dataflow_core::row::{RowSource, read_value};
use dataflow_core::schema::FieldType;
use dataflow_core::{ModelSchema, Result, Value};

use crate::pool::Rows;

/// Passes on so many rows and notes what the last of them has in some columns; of the rows after it
/// only that there are some.
pub(crate) struct Keyed<C> {
    rows: C,
    limit: usize,
    taken: usize,
    /// Ordinals and types of the columns.
    columns: Vec<(usize, FieldType)>,
    last: LastRow,
}

/// What the row at the limit has in some columns, when there are so many rows.
#[derive(Debug, Default)]
pub(crate) struct LastRow {
    /// The values.
    pub(crate) values: Option<Vec<Value>>,
    /// Whether rows follow.
    pub(crate) is_followed: bool,
}

impl LastRow {
    /// The values that the next page begins after, when there is one.
    pub(crate) fn next(self) -> Option<Vec<Value>> {
        self.values.filter(|_| self.is_followed)
    }
}

impl<C: Rows> Keyed<C> {
    pub(crate) fn new(columns: Vec<(usize, FieldType)>, limit: usize, rows: C) -> Self {
        Self {
            rows,
            limit,
            taken: 0,
            columns,
            last: LastRow::default(),
        }
    }

    /// One row, with all columns of its model, and its key, then its version where it has one.
    pub(crate) fn of_one(model: &ModelSchema, rows: C) -> Self {
        let key = model.key_positions().into_iter();
        Self::noting(model, key.chain(model.version()), rows)
    }

    /// One row, with all columns of its model, and its version where it has one.
    pub(crate) fn of_version(model: &ModelSchema, rows: C) -> Self {
        Self::noting(model, model.version(), rows)
    }

    /// One row of an upsert: as [`of_one`](Self::of_one), and whether it is new.
    pub(crate) fn of_upsert(model: &ModelSchema, rows: C) -> Self {
        let mut keyed = Self::of_one(model, rows);
        keyed.columns.push((model.fields.len(), FieldType::Bool));
        keyed
    }

    fn noting(model: &ModelSchema, at: impl IntoIterator<Item = usize>, rows: C) -> Self {
        let of_type = |at: usize| (at, model.fields[at].field_type.clone());
        Self::new(at.into_iter().map(of_type).collect(), 1, rows)
    }
}

impl<C: Rows> Rows for Keyed<C> {
    type Output = (C::Output, LastRow);

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        if self.taken == self.limit {
            self.last.is_followed = true;
            return Ok(());
        }
        self.taken += 1;
        if self.taken == self.limit {
            let columns = self.columns.iter();
            let values: Result<Vec<Value>> = columns
                .map(|(ordinal, field_type)| read_value(field_type, row, *ordinal))
                .collect();
            self.last.values = Some(values?);
        }
        self.rows.row(row)
    }

    fn restart(&mut self) {
        self.taken = 0;
        self.last = LastRow::default();
        self.rows.restart();
    }

    fn finish(self, written: u64) -> Self::Output {
        (self.rows.finish(written), self.last)
    }
}
