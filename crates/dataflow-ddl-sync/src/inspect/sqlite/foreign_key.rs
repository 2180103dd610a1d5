//! The foreign keys of tables.

use std::collections::HashMap;

use dataflow_core::schema::Action;
use dataflow_core::snapshot::{DatabaseSnapshot, ForeignKey};
use rusqlite::Row;

use super::written::Written;
use crate::inspect::table_of;

/// A foreign key that names no column points at the key of the other table. Those of several
/// columns are none of ours. The last one that was declared has the number 0.
pub(super) const FOREIGN_KEYS: &str = "
SELECT wanted.value, list.\"from\", list.\"table\",
       coalesce(list.\"to\",
                (SELECT key.name FROM pragma_table_xinfo(list.\"table\") key WHERE key.pk = 1)),
       list.on_delete, list.on_update, list.id
FROM wanted
JOIN sqlite_schema found ON found.type = 'table' AND found.name = wanted.value COLLATE NOCASE
JOIN pragma_foreign_key_list(found.name) list
GROUP BY wanted.value, list.id
HAVING count(*) = 1
ORDER BY wanted.value, list.id";

/// Reads one row of [`FOREIGN_KEYS`].
pub(super) fn read(
    row: &Row,
    snapshot: &mut DatabaseSnapshot,
    written: &HashMap<String, Written>,
) -> rusqlite::Result<()> {
    let table = table_of(snapshot, row.get_ref(0)?.as_str()?);
    let number: u32 = row.get(6)?;
    let deferred = written.get(&table.name).is_some_and(|written| {
        let mut from_the_end = written.deferred.iter().rev();
        from_the_end.nth(number as usize) == Some(&true)
    });
    table.foreign_keys.push(ForeignKey {
        name: String::new(),
        column: row.get(1)?,
        referenced_table: row.get(2)?,
        referenced_column: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
        on_delete: action(row.get_ref(4)?.as_str()?),
        on_update: action(row.get_ref(5)?.as_str()?),
        deferred,
    });
    Ok(())
}

fn action(text: &str) -> Action {
    match text {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}
