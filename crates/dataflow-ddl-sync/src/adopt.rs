//! Models for the tables of a database.

mod sample;

use dataflow_core::adopt::{self, Adopted};
use dataflow_core::ddl::{self, Executor, Persistence, SyncOptions};
use dataflow_core::error::Result;
use dataflow_core::inventory::{Inventory, ItemKind, Schemas};
use dataflow_core::schema::TableName;

/// Reads everything that schemas hold, without one that in which new tables are made, and writes
/// models for their tables.
pub(crate) fn adopt(executor: &mut dyn Executor, schemas: &[&str]) -> Result<Adopted> {
    let mut read = |schemas: &Schemas| Ok(executor.inventory(schemas)?.without_ledger());
    let inventories: Vec<Inventory> = match schemas {
        [] => vec![read(&Schemas::Current)?],
        _ => {
            let named = schemas.iter();
            let named = named.map(|schema| read(&Schemas::One((*schema).to_owned())));
            named.collect::<Result<_>>()?
        }
    };
    let tables: Vec<TableName> = inventories.iter().flat_map(tables).collect();
    let found = executor.inspect(&tables)?;
    let options = SyncOptions {
        persistence: Persistence::None,
        ..SyncOptions::default()
    };
    let contents = sample::sample(executor, &found)?;
    let dialect = executor.dialect();
    adopt::adopt(&inventories, &found, &contents, dialect, |schema_set| {
        ddl::difference(executor, schema_set, &options)
    })
}

fn tables(inventory: &Inventory) -> impl Iterator<Item = TableName> {
    let items = inventory.items.iter();
    let tables = items.filter(|item| item.kind == ItemKind::Table);
    tables.map(|item| inventory.table(&item.name))
}
