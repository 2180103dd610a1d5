//! The foreign keys of tables.

use std::collections::HashMap;

use dataflow_core::schema::Action;
use dataflow_core::snapshot::{ForeignKey, Table};
use rusqlite::Row;

use super::written::Written;

/// A foreign key that names no column points at the key of the other table. Those of several
/// columns are none of ours. The last one that was declared has the number 0.
pub(super) const FOREIGN_KEYS: &str = "
SELECT found.name, list.\"from\", list.\"table\",
       coalesce(list.\"to\",
                (SELECT key.name FROM pragma_table_xinfo(list.\"table\") key WHERE key.pk = 1)),
       list.on_delete, list.on_update, list.id
FROM found
JOIN pragma_foreign_key_list(found.name) list
GROUP BY found.name, list.id
HAVING count(*) = 1
ORDER BY found.name, list.id";

/// Reads one row of [`FOREIGN_KEYS`].
pub(super) fn read(
    row: &Row,
    table: &mut Table,
    written: &HashMap<String, Written>,
) -> rusqlite::Result<()> {
    let number: u32 = row.get(6)?;
    let deferred = written.get(&*table.name.name).is_some_and(|written| {
        let mut from_the_end = written.deferred.iter().rev();
        from_the_end.nth(number as usize) == Some(&true)
    });
    table.foreign_keys.push(ForeignKey {
        name: String::new(),
        column: row.get(1)?,
        referenced_table: row.get::<_, String>(2)?.into(),
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
