//! Models for the tables of a database.

use dataflow_core::adopt::{self, Adopted};
use dataflow_core::ddl::{self, Executor, Persistence, SyncOptions};
use dataflow_core::error::Result;
use dataflow_core::inventory::{Item, ItemKind};
use dataflow_core::schema::TableName;

/// Reads everything that a database holds, and writes models for its tables.
pub(crate) fn adopt(executor: &mut dyn Executor) -> Result<Adopted> {
    let inventory = executor.inventory()?.without_ledger();
    let is_table = |item: &&Item| item.kind == ItemKind::Table;
    let tables = inventory.items.iter().filter(is_table);
    let tables: Vec<TableName> = tables.map(|item| item.name.clone().into()).collect();
    let found = executor.inspect(&tables)?;
    let options = SyncOptions {
        persistence: Persistence::None,
        ..SyncOptions::default()
    };
    let dialect = executor.dialect();
    adopt::adopt(&inventory, &found, dialect, |schema_set| {
        ddl::difference(executor, schema_set, &options)
    })
}
