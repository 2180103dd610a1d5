//! What a database can do, as a value.

use crate::plan::Lock;

/// What a database can do, where the two differ in more than spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// A column of a table that exists can be given another type, nullability or default, and a
    /// constraint of it can be dropped, without writing the table anew.
    pub alter_column: bool,
    /// Indexes can be made and constraints checked while others write.
    pub online_changes: bool,
    /// An index can be given another name.
    pub rename_index: bool,
    /// Whom any change of the schema keeps waiting at the least.
    pub least_lock: Lock,
    /// A foreign key can be added to a table that exists.
    pub add_foreign_key: bool,
    /// A foreign key can point at a table that does not exist yet.
    pub forward_foreign_key: bool,
    /// A column whose default is computed can be added to a table with rows.
    pub add_computed_default: bool,
    /// An index can be declared a method, operator classes, included columns and a place for null.
    pub index_options: bool,
    /// A column can be computed whenever it is read.
    pub virtual_columns: bool,
    /// Tables stand in schemas, and those of one name in two schemas are two.
    pub schemas: bool,
    /// Tables and columns have comments.
    pub comments: bool,
    /// A column may hold values of other types than the one that it was declared with.
    pub loose_types: bool,
    /// A type can say how long its texts and numbers are.
    pub sized_types: bool,
    /// A column can have a type of named values, which is there beside the tables.
    pub enum_types: bool,
    /// Decimals can be compared by size.
    pub orders_decimals: bool,
    /// JSON documents are equal whatever the order of their members.
    pub equates_json: bool,
    /// Documents are found by what they contain through an index.
    pub indexes_documents: bool,
    /// Rows can be kept from statements by who is said to ask for them.
    pub row_level_security: bool,
    /// Rows have a number beside their key, unless a table is made without.
    pub rowids: bool,
    /// Rows can be sent as a stream, which gives none back.
    pub copies_rows: bool,
    /// A refusal names the foreign key that is broken.
    pub names_foreign_keys: bool,
    /// A null is sorted as if it were the greatest value; else as the least.
    pub null_is_greatest: bool,
}
