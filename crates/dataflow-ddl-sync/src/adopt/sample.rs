//! A look at the rows of tables whose columns may hold what their types do not say.

use dataflow_core::adopt::{Contents, HEAD, Stored};
use dataflow_core::ddl::Executor;
use dataflow_core::dialect::{identifier, table_identifier};
use dataflow_core::error::Result;
use dataflow_core::snapshot::{Column, DatabaseSnapshot, Table};

/// How many rows are looked at from each end of a table, however many it has: the oldest, and the
/// newest, which the present version of the other tool wrote.
const ROWS: usize = 1_000;

/// What is in the columns of tables.
pub(super) fn sample(executor: &mut dyn Executor, found: &DatabaseSnapshot) -> Result<Contents> {
    let mut contents = Contents::default();
    if !executor.dialect().capability().loose_types {
        return Ok(contents);
    }
    for table in &found.tables {
        let rows = executor.query(&question(table))?;
        for (place, column) in table.columns.iter().enumerate() {
            let values = rows.iter().map(|row| stored(&row[place * 3..][..3]));
            contents.note(&table.name, column, values);
        }
    }
    Ok(contents)
}

/// Three texts for each column and row: the kind of the value, its beginning, and whether a text is a
/// JSON document.
fn question(table: &Table) -> String {
    let parts = |column: &Column| {
        let name = identifier(&column.name);
        format!(
            "typeof({name}), substr({name}, 1, {HEAD}), \
             CASE typeof({name}) WHEN 'text' THEN json_valid({name}) END"
        )
    };
    let parts: Vec<String> = table.columns.iter().map(parts).collect();
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|it| identifier(&it.name))
        .collect();
    let (parts, names) = (parts.join(", "), names.join(", "));
    let of = table_identifier(&table.name);
    let last = match table.without_rowid {
        true => String::new(),
        false => format!(
            " UNION ALL SELECT {parts} FROM \
             (SELECT {names} FROM {of} ORDER BY rowid DESC LIMIT {ROWS})"
        ),
    };
    format!("SELECT {parts} FROM (SELECT {names} FROM {of} LIMIT {ROWS}){last}")
}

fn stored(parts: &[Option<String>]) -> Stored<'_> {
    let [kind, head, is_json] = parts else {
        return Stored::Null;
    };
    let head = head.as_deref().unwrap_or_default();
    match kind.as_deref() {
        Some("integer") => head.parse().map_or(Stored::Bytes, Stored::Integer),
        Some("real") => head.parse().map_or(Stored::Bytes, Stored::Real),
        Some("text") => Stored::Text {
            head,
            is_json: is_json.as_deref() == Some("1"),
        },
        Some("blob") => Stored::Bytes,
        _ => Stored::Null,
    }
}
