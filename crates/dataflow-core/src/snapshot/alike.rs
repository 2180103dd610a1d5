//! Columns that can stay as somebody else made them.

use super::DatabaseSnapshot;
use crate::dialect::Dialect;

/// The desired tables with the types that their columns have, where those hold the same.
pub(crate) fn with_types_that_are_there(
    mut desired: DatabaseSnapshot,
    found: &DatabaseSnapshot,
    dialect: &dyn Dialect,
) -> DatabaseSnapshot {
    for table in &mut desired.tables {
        let Some(existing) = found.table(&table.name) else {
            continue;
        };
        for column in &mut table.columns {
            let adopted = column.adopts.take();
            let adopted = existing.column(&column.name).filter(|existing| {
                adopted.is_some_and(|adopted| adopted.eq_ignore_ascii_case(&existing.column_type))
            });
            if let Some(adopted) = adopted {
                column.column_type.clone_from(&adopted.column_type);
                column.limit.clone_from(&adopted.limit);
                // The other tool may write it in a form that is none of the field's.
                column.default = column.default.take().or_else(|| adopted.default.clone());
                continue;
            }
            let alike = existing.column(&column.name).filter(|existing| {
                existing.column_type != column.column_type
                    && dialect.is_alike(&existing.column_type, &column.column_type)
            });
            if let Some(alike) = alike {
                let wanted = std::mem::replace(&mut column.column_type, alike.column_type.clone());
                let default = column.default.take();
                column.default =
                    default.map(|default| respelled(default, &wanted, &column.column_type));
            }
        }
    }
    desired
}

/// A default as the catalogue spells it where its column has another type that is alike.
pub(crate) fn respelled(default: String, wanted: &str, found: &str) -> String {
    match default.strip_suffix(&format!("::{wanted}")) {
        Some(value) => format!("{value}::{found}"),
        None => default,
    }
}
