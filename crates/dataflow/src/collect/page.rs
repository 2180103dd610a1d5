//! Rows up to a limit, and the key of the last of them.

use dataflow_core::row::{RowSource, read_value};
use dataflow_core::schema::FieldType;
use dataflow_core::{ModelSchema, Result, Value};

use crate::pool::Rows;

/// Passes on so many rows and notes the key of the last; of the rows after it only that there are
/// some.
pub(crate) struct Keyed<C> {
    rows: C,
    limit: usize,
    taken: usize,
    key_position: usize,
    key_type: FieldType,
    last: LastKey,
}

/// The key of the row at the limit, when there are so many.
#[derive(Debug, Default)]
pub(crate) struct LastKey {
    /// The key.
    pub(crate) key: Option<Value>,
    /// Whether rows follow.
    pub(crate) is_followed: bool,
}

impl LastKey {
    /// The key that the next page begins after, when there is one.
    pub(crate) fn next(self) -> Option<Value> {
        self.key.filter(|_| self.is_followed)
    }
}

impl<C: Rows> Keyed<C> {
    pub(crate) fn new(model: &ModelSchema, limit: usize, rows: C) -> Self {
        let key_position = model
            .position(&model.key.field)
            .expect("a validated model's key names one of its fields");
        Self {
            rows,
            limit,
            taken: 0,
            key_position,
            key_type: model.fields[key_position].field_type.clone(),
            last: LastKey::default(),
        }
    }
}

impl<C: Rows> Rows for Keyed<C> {
    type Output = (C::Output, LastKey);

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        if self.taken == self.limit {
            self.last.is_followed = true;
            return Ok(());
        }
        self.taken += 1;
        if self.taken == self.limit {
            self.last.key = Some(read_value(&self.key_type, row, self.key_position)?);
        }
        self.rows.row(row)
    }

    fn restart(&mut self) {
        self.taken = 0;
        self.last = LastKey::default();
        self.rows.restart();
    }

    fn finish(self, written: u64) -> Self::Output {
        (self.rows.finish(written), self.last)
    }
}
