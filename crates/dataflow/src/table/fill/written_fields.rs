//! Which fields each of many new rows writes.

use std::collections::BTreeSet;

use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::{Error, ModelSchema, Result};

/// Which fields each of many new rows writes. They can differ only in what the database makes for
/// those that do not give it: a key, or a default in SQL.
#[derive(Debug, Default)]
pub(super) struct WrittenFields {
    /// How many rows there are.
    pub(super) rows: usize,
    /// Fields by position, and the row from which on they are written.
    from: Vec<(usize, Vec<usize>)>,
}

impl WrittenFields {
    /// Notes what the next row writes.
    pub(super) fn note(&mut self, written: &[usize]) {
        if self.from.last().is_none_or(|(_, last)| last != written) {
            self.from.push((self.rows, written.to_vec()));
        }
        self.rows += 1;
    }

    /// The fields that every row writes.
    ///
    /// # Errors
    ///
    /// Names each row, and the first field that it does not write and another one does.
    pub(super) fn shared(mut self, model: &ModelSchema) -> Result<Vec<usize>> {
        if self.from.len() <= 1 {
            let only = self.from.pop();
            return Ok(only.map_or_else(Vec::new, |(_, written)| written));
        }
        let all: BTreeSet<usize> = self
            .from
            .iter()
            .flat_map(|(_, written)| written.iter().copied())
            .collect();
        let ends = self.from.iter().skip(1).map(|(start, _)| *start);
        let stretches = self.from.iter().zip(ends.chain([self.rows]));
        let faults = stretches.flat_map(|((start, written), end)| {
            let missing = all.iter().find(|position| !written.contains(position));
            let field = missing.map(|position| &model.fields[*position].name);
            (*start..end).filter_map(move |row| {
                let detail = "is required, because other rows give it";
                let place = format!("/{row}");
                Some(Fault::at(&place, field?, FaultCode::Required, detail))
            })
        });
        Err(Error::invalid(faults.collect()))
    }
}
