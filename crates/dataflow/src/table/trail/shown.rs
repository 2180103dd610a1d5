//! Which entries tell of one row.

use dataflow_core::query::{By, Filter};
use dataflow_core::{Model as _, Result, Value};

use super::owner;
use crate::audit::{AuditEntry, row_key};
use crate::collect::{StoredRow, StoredRows};
use crate::table::{Selection, Table};

impl Table {
    /// The table of the entries, reached in the same way.
    pub(crate) fn trail(&self) -> Result<Self> {
        self.sibling(&AuditEntry::TABLE)
    }

    /// Which entries tell of the row of a key, of those that may be shown to whom rows are reached
    /// for, and whether that row is there.
    pub(crate) async fn entries_of(&self, mut key: Vec<Value>) -> Result<(Filter, bool)> {
        let model = self.model();
        let tenant = self.tenant_of_new_row()?;
        let stored = self.stored_key(key.clone()).await?;
        let is_there = stored.is_some();
        // Two keys may be equal and spelled differently.
        key = stored.unwrap_or(key);
        let mut equal = vec![
            ("model", model.name.to_string()),
            ("row_key", row_key(&key)),
        ];
        equal.extend(tenant.map(|tenant| ("tenant", owner(&tenant))));
        let filter = equal
            .into_iter()
            .try_fold(Filter::all(), |filter, (name, text)| {
                filter.and_equal(AuditEntry::schema(), name, Value::Text(text))
            });
        Ok((filter?, is_there))
    }

    /// The key of a row as the row holds it; none where there is no such row.
    async fn stored_key(&self, key: Vec<Value>) -> Result<Option<Vec<Value>>> {
        let positions = self.model().key_positions();
        let types = positions.iter().map(|&at| self.own().columns[at].clone());
        let rows = StoredRows::new(types.collect());
        let selection = Selection {
            fields: Some(positions.iter().copied().map(By::Field).collect()),
            ..Selection::of(self.of_key(key)?, 1)
        };
        let (rows, _) = self.list(selection, rows).await?;
        let values = |row: &StoredRow| {
            (0..positions.len())
                .map(|at| row.value(at).clone())
                .collect()
        };
        Ok(rows.first().map(values))
    }
}
