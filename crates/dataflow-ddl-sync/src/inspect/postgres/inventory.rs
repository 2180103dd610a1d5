//! Everything that the current schema holds, in one round trip.
//!
//! What statements can make comes with them. All else comes too, so that it is compared and its
//! difference is named.

use dataflow_core::dialect::literal;
use dataflow_core::inventory::{ColumnParts, Inventory, Item, ItemKind};
use postgres::SimpleQueryRow;

/// The selects, divided by semicolons.
const SELECTS: &str = include_str!("inventory.sql");

/// What the selects begin with: the schema, and what extensions brought into the database.
const BEGINNING: &str = "
WITH here AS (SELECT oid, nspname AS name FROM pg_namespace WHERE nspname = current_schema()),
     brought AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
";

/// The queries, to be sent together.
pub(crate) fn query() -> String {
    let selects = SELECTS
        .split(";\n")
        .filter(|select| select.contains("SELECT"));
    let queries: Vec<String> = selects
        .map(|select| format!("{BEGINNING}{select}"))
        .collect();
    queries.join(";\n")
}

/// The things that the rows of [`query`] describe.
pub(crate) fn read(rows: &[SimpleQueryRow]) -> Inventory {
    Inventory {
        dialect: "postgres",
        items: rows.iter().map(item).collect(),
    }
}

fn item(row: &SimpleQueryRow) -> Item {
    let text = |position| row.get(position).unwrap_or_default().to_owned();
    let (name, sql, mut beyond) = (text(2), text(3), text(4));
    let kind = match row.get(0).unwrap_or_default() {
        "enum" => ItemKind::Enum,
        "sequence" => ItemKind::Sequence,
        "owner of sequence" => ItemKind::SequenceOwner,
        "table" => ItemKind::Table,
        "column" => ItemKind::Column(parts(row)),
        "constraint" => ItemKind::Constraint,
        "foreign key" => ItemKind::ForeignKey,
        "index" => ItemKind::Index,
        "comment" => ItemKind::Comment,
        "stored query" => ItemKind::Other("view".to_owned()),
        "table trigger" => ItemKind::Other("trigger".to_owned()),
        other => ItemKind::Other(other.to_owned()),
    };
    let definition = match kind {
        ItemKind::Other(_) => format!("{sql}\n{}", std::mem::take(&mut beyond)),
        _ => sql.clone(),
    };
    let sql = match kind {
        ItemKind::Comment => format!("COMMENT ON {name} IS {}", literal(&sql)),
        ItemKind::Other(_) => String::new(),
        _ => sql,
    };
    Item {
        kind,
        table: row.get(1).map(ToOwned::to_owned),
        name,
        definition,
        sql,
        beyond,
    }
}

fn parts(row: &SimpleQueryRow) -> ColumnParts {
    let text = |position| row.get(position).unwrap_or_default().to_owned();
    ColumnParts {
        column_type: text(5),
        collation: text(6),
        default: text(7),
        not_null: row.get(8) == Some("t"),
        identity: text(9),
        generated: text(10),
        kept: text(11),
    }
}
