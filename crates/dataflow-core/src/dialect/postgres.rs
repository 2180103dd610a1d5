//! PostgreSQL 13 and later.

mod condition;
mod schema;
mod value;

use super::dml::Newness;
use super::{Capability, Dialect, identifier, literal, table_identifier};
use crate::plan::Lock;
use crate::query::IfLocked;
use crate::schema::TableName;

/// PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub struct Postgres;

static CAPABILITY: Capability = Capability {
    alter_column: true,
    online_changes: true,
    rename_index: true,
    least_lock: Lock::Nobody,
    add_foreign_key: true,
    forward_foreign_key: false,
    add_computed_default: true,
    index_options: true,
    virtual_columns: false,
    comments: true,
    schemas: true,
    loose_types: false,
    sized_types: true,
    enum_types: true,
    orders_decimals: true,
    equates_json: true,
    indexes_documents: true,
    row_level_security: true,
    rowids: false,
    copies_rows: true,
    names_foreign_keys: true,
    null_is_greatest: true,
};

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn system_name(&self) -> &'static str {
        "postgresql"
    }

    fn capability(&self) -> &'static Capability {
        &CAPABILITY
    }

    /// The counter is only ever moved forward, and only by a key beyond it. A table whose keys come
    /// from a sequence of somebody else's has none that is known here: then nothing is moved. Its
    /// name is looked up once for a statement, and what it has counted to again for each row.
    fn count_past(&self, table: &TableName, column: &str) -> Option<String> {
        let sequence = format!(
            "(SELECT pg_get_serial_sequence({}, {})::regclass)",
            literal(&table_identifier(table)),
            literal(column)
        );
        let key = identifier(column);
        Some(format!(
            "CASE WHEN {key} > coalesce(pg_sequence_last_value({sequence}), 0) \
             THEN setval({sequence}, {key}) END"
        ))
    }

    /// A row that nobody has locked has no number of a transaction there, and a change locks the row
    /// before it writes the next state of it.
    fn newness(&self) -> Newness {
        Newness {
            is_new: "xmax = 0",
            mark: None,
        }
    }

    fn lock_rows(&self, if_locked: IfLocked) -> &'static str {
        match if_locked {
            IfLocked::Wait => " FOR UPDATE",
            IfLocked::Skip => " FOR UPDATE SKIP LOCKED",
            IfLocked::Fail => " FOR UPDATE NOWAIT",
        }
    }
}
