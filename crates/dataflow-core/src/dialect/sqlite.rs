//! SQLite 3.37 and later: every table is STRICT, so that a column holds only its type.

mod condition;
mod schema;
mod value;

use super::dml::Newness;
use super::{Capability, Dialect};
use crate::plan::Lock;
use crate::query::IfLocked;
use crate::schema::TableName;

/// SQLite.
#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

static CAPABILITY: Capability = Capability {
    alter_column: false,
    online_changes: false,
    rename_index: false,
    least_lock: Lock::Writers,
    add_foreign_key: false,
    forward_foreign_key: true,
    add_computed_default: false,
    index_options: false,
    virtual_columns: true,
    comments: false,
    schemas: false,
    loose_types: true,
    sized_types: false,
    enum_types: false,
    orders_decimals: false,
    equates_json: false,
    indexes_documents: false,
    row_level_security: false,
    rowids: true,
    copies_rows: false,
    names_foreign_keys: false,
    null_is_greatest: false,
};

/// The function that says whether its first argument, a document, contains its second.
pub const CONTAINS_DOCUMENT: &str = "dataflow_contains_document";

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn system_name(&self) -> &'static str {
        "sqlite"
    }

    fn capability(&self) -> &'static Capability {
        &CAPABILITY
    }

    fn count_past(&self, _: &TableName, _: &str) -> Option<String> {
        None
    }

    /// SQLite keeps nothing by which to tell, so whoever opens a connection has to bring these
    /// functions: the first says whether the second was called since.
    fn newness(&self) -> Newness {
        Newness {
            is_new: "dataflow_is_new()",
            mark: Some("dataflow_mark_change()"),
        }
    }

    /// Who writes has the file alone.
    fn lock_rows(&self, _: IfLocked) -> &'static str {
        ""
    }
}
