//! What identifies a row of a table.

use crate::schema::{Field, FieldType, Key, KeyGenerator};
use crate::snapshot::{Column, Table};

/// The most columns that a key has: a tuple of so many is a key's type.
const MOST_COLUMNS: usize = 8;

/// The columns that tell rows apart: those of the primary key, else as few as do.
pub(super) fn columns(table: &Table) -> Result<Vec<String>, String> {
    let key = table.keys().min_by_key(Vec::len).ok_or(
        "it has no primary key, nor a unique index whose columns all refuse null, so its rows \
         cannot be told apart",
    )?;
    match key.len() {
        ..=MOST_COLUMNS => Ok(key.into_iter().cloned().collect()),
        _ => Err("its primary key has more than eight columns".to_owned()),
    }
}

/// The columns of a table, with those of the key among themselves in its order: a struct has no other.
pub(super) fn columns_in_order<'a>(
    table: &'a Table,
    key: &'a [String],
) -> impl Iterator<Item = &'a Column> {
    let mut of_key = key.iter();
    let columns = table.columns.iter();
    columns.map(move |column| match key.contains(&column.name) {
        true => {
            let next = of_key.next().and_then(|name| table.column(name));
            next.unwrap_or(column)
        }
        false => column,
    })
}

/// A key that the database counts up is left to it; any other is the caller's.
pub(super) fn key(fields: &[Field], table: &Table, columns: &[String]) -> Result<Key, String> {
    let mut of_key = Vec::with_capacity(columns.len());
    for name in columns {
        let field = fields.iter().find(|field| field.column == *name);
        let field = field.ok_or("its primary key is no column")?;
        let refused = |what: &str| Err(format!("its primary key {name:?} {what}"));
        match field.field_type {
            _ if field.nullable => return refused("takes null"),
            _ if field.generated.is_some() => return refused("is computed"),
            FieldType::Json
            | FieldType::Array(_)
            | FieldType::Bytes
            | FieldType::F32
            | FieldType::F64 => {
                return refused("has a type that cannot identify a row");
            }
            _ => of_key.push(field),
        }
    }
    let is_serial = |field: &&Field| {
        table
            .column(&field.column)
            .is_some_and(|column| column.is_serial)
    };
    match (
        &of_key[..],
        of_key.iter().copied().find(|field| is_serial(field)),
    ) {
        ([only], Some(_)) => Ok(Key::new(only.name.clone(), KeyGenerator::Serial)),
        (_, Some(counted)) => Err(format!(
            "its primary key has several columns, of which the database counts {:?} up",
            counted.column
        )),
        (several, None) => Ok(Key::composite(
            several.iter().map(|field| field.name.clone()),
        )),
    }
}
