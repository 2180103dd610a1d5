//! Tables, written down in short.

use dataflow_core::snapshot::{
    Attachment, Column, Definition, Existing, ForeignKey, Index, IndexMember, Table,
};

/// A table with a key `id` and some columns.
pub(crate) fn table(name: &str, columns: &[Column]) -> Table {
    let mut all = vec![column("id", "bigint")];
    all.extend_from_slice(columns);
    Table {
        name: name.to_owned().into(),
        columns: all,
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    }
}

pub(crate) fn column(name: &str, column_type: &str) -> Column {
    Column {
        name: name.to_owned(),
        column_type: column_type.to_owned(),
        ..Column::default()
    }
}

pub(crate) fn nullable(column: Column) -> Column {
    Column {
        nullable: true,
        ..column
    }
}

pub(crate) fn with_default(column: Column, default: &str) -> Column {
    Column {
        default: Some(default.to_owned()),
        ..column
    }
}

pub(crate) fn index(name: &str, columns: &[&str], unique: bool) -> Index {
    Index {
        name: name.to_owned(),
        members: columns
            .iter()
            .map(|name| IndexMember::column(*name))
            .collect(),
        unique,
        ..Index::default()
    }
}

pub(crate) fn foreign_key(column: &str, table: &str) -> ForeignKey {
    ForeignKey {
        name: "any".to_owned(),
        column: column.to_owned(),
        referenced_table: table.to_owned().into(),
        referenced_column: "id".to_owned(),
        ..ForeignKey::default()
    }
}

/// The same table with about so many rows.
pub(crate) fn with_rows(table: Table, rows: u64) -> Table {
    let existing = Existing {
        rows,
        ..table.existing.clone()
    };
    Table { existing, ..table }
}

/// The same table with the statements that it was made with.
pub(crate) fn made_with(table: Table, sql: &str, attachments: &[(&str, &str)]) -> Table {
    let attachments = attachments.iter().map(|(name, sql)| Attachment {
        name: (*name).to_owned(),
        sql: (*sql).to_owned(),
    });
    let definition = Definition {
        sql: sql.to_owned(),
        attachments: attachments.collect(),
    };
    let existing = Existing {
        definition: Some(definition),
        ..table.existing.clone()
    };
    Table { existing, ..table }
}
