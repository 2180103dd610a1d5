//! What servers of some age do not know yet.

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::snapshot::DatabaseSnapshot;

use super::Session;

/// The first version, as the server counts them, in which nulls need not be distinct.
const NULLS_NOT_DISTINCT: u32 = 150_000;

/// Sees that the server knows all that is desired. It is asked for its version only where something
/// depends on it.
pub(super) fn is_known(session: &mut Session, desired: &DatabaseSnapshot) -> Result<()> {
    let refused = with_alike_nulls(desired);
    if refused.is_empty() {
        return Ok(());
    }
    let rows = session.rows("SHOW server_version_num")?;
    let version = rows.first().and_then(|row| row.get(0)?.parse().ok());
    refuse(version.unwrap_or_default(), refused)
}

fn refuse(version: u32, refused: Vec<String>) -> Result<()> {
    if version >= NULLS_NOT_DISTINCT {
        return Ok(());
    }
    let message = format!(
        "postgres {} lacks what the models declare",
        version / 10_000
    );
    Err(Error::new(Kind::Unsupported, message)
        .with_details(refused)
        .with_help("use postgres 15 or later, or leave nulls_not_distinct out"))
}

fn with_alike_nulls(desired: &DatabaseSnapshot) -> Vec<String> {
    let indexes = desired.tables.iter().flat_map(|table| {
        let indexes = table.indexes.iter();
        indexes.map(|index| (&table.name, index))
    });
    let alike = indexes.filter(|(_, index)| index.nulls_not_distinct);
    let told = alike.map(|(table, index)| {
        let name = &index.name;
        format!("table {table:?}: index {name:?} has nulls that are not distinct")
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use dataflow_core::snapshot::{Index, Table};

    use super::*;

    #[test]
    fn nulls_that_are_not_distinct_are_refused_by_name_before_version_15() {
        let index = |name: &str, nulls_not_distinct| Index {
            name: name.to_owned(),
            nulls_not_distinct,
            ..Index::default()
        };
        let seats = Table {
            name: "seats".into(),
            indexes: vec![index("plain", false), index("alike", true)],
            ..Table::default()
        };
        let desired = DatabaseSnapshot {
            tables: vec![seats],
            ..DatabaseSnapshot::default()
        };
        let refused = with_alike_nulls(&desired);
        let expected = "table \"seats\": index \"alike\" has nulls that are not distinct";
        assert_eq!(refused, [expected]);
        assert!(refuse(150_000, refused.clone()).is_ok());
        let error = refuse(140_011, refused).unwrap_err();
        assert_eq!(error.kind(), Kind::Unsupported);
        assert_eq!(
            error.to_string(),
            "postgres 14 lacks what the models declare"
        );
        assert_eq!(error.details(), [expected]);
    }
}
