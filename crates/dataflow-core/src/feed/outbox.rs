//! What the outbox looks like.

use super::CHANGES_TABLE;
use crate::dialect::Dialect;
use crate::schema::FieldType;
use crate::snapshot::{Column, Table};

/// The table that changes are written to. Where the database numbers transactions, that number
/// comes first: entries are numbered as they are written, transactions take effect in another order.
pub(crate) fn outbox(dialect: &dyn Dialect) -> Table {
    let column = |name: &str, field_type: &FieldType| Column {
        name: name.to_owned(),
        column_type: dialect.column_type(field_type).into_owned(),
        ..Column::default()
    };
    let position = Column {
        is_serial: true,
        ..column("position", &FieldType::I64)
    };
    let transaction = dialect
        .transaction_number()
        .map(|(column_type, current)| Column {
            name: "transaction".to_owned(),
            column_type: column_type.to_owned(),
            default: Some(current.to_owned()),
            ..Column::default()
        });
    let mut primary_key: Vec<String> = transaction.iter().map(|it| it.name.clone()).collect();
    primary_key.push(position.name.clone());
    let columns = transaction.into_iter().chain([
        position,
        column("table_name", &FieldType::String),
        column("verb", &FieldType::String),
        column("row_key", &FieldType::Json),
        Column {
            nullable: true,
            ..column("former_key", &FieldType::Json)
        },
        Column {
            nullable: true,
            ..column("tenant", &FieldType::String)
        },
        Column {
            default: Some(dialect.now(&FieldType::Timestamp).to_owned()),
            ..column("written_at", &FieldType::Timestamp)
        },
    ]);
    Table {
        name: CHANGES_TABLE.into(),
        columns: columns.collect(),
        primary_key,
        ..Table::default()
    }
}
