//! How the rows are written that a filter lets through: in one statement, however many there are.

use dataflow_core::Result;
use dataflow_core::query::Filter;

use super::Giving;
use crate::collect::Written;
use crate::pool::Rows;
use crate::table::change::{assignments, effects};
use crate::table::references::Standing;
use crate::table::{Changes, Table};

impl Table {
    /// Changes rows, and says how many.
    pub(in crate::table) async fn change_where(
        &self,
        filter: Filter,
        mut changes: Changes,
    ) -> Result<u64> {
        self.own().fill.check(&changes.given)?;
        self.point_at_their_own(&[&changes.given], Standing::Alone)
            .await?;
        changes.given.extend(self.own().fill.stamps_of_change());
        let assigned = assignments([&changes].into_iter());
        let statement = self.statements().update_where(&assigned, &filter)?;
        let mut values = changes.parameters(&assigned);
        values.extend(filter.into_values(self.statements().dialect()));
        let written = self.write(&statement, values, Written).await;
        written.map_err(|error| self.of_written(error, effects(&assigned)))
    }

    /// Removes rows.
    pub(in crate::table) async fn remove_where<C: Rows>(
        &self,
        filter: Filter,
        giving: Giving,
        rows: C,
    ) -> Result<C::Output> {
        let statement = self.giving(giving, self.statements().delete_where(&filter)?);
        let values = filter.into_values(self.statements().dialect());
        self.take_away(&statement, values, rows).await
    }
}
