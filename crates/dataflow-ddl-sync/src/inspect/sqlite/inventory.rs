//! Everything that a database holds. SQLite keeps every statement as it was written, so each thing
//! can be made again, but for tables that a module keeps.

use std::collections::HashSet;

use dataflow_core::dialect::identifier;
use dataflow_core::dialect::token::{Brackets, Token, canonical_tokens, group_end, items, tokens};
use dataflow_core::inventory::{ColumnParts, Inventory, Item, ItemKind, Need, Whole};
use rusqlite::{Connection, Row};

/// What SQLite keeps for itself has no statement, or a name that nobody else may use; what a module
/// keeps for its tables is told by them.
const THINGS: &str = "
SELECT entry.type, entry.tbl_name, entry.name, entry.sql
FROM sqlite_schema entry
WHERE entry.sql IS NOT NULL AND entry.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND entry.tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
ORDER BY entry.rowid";

const COLUMNS: &str = "
SELECT entry.name, info.name, info.type, info.\"notnull\", info.cid, info.hidden
FROM pragma_table_list entry
JOIN pragma_table_xinfo(entry.name) info
WHERE entry.schema = 'main' AND entry.type = 'table'
    AND entry.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY entry.name, info.cid";

/// Reads it.
pub(crate) fn inventory(connection: &Connection) -> rusqlite::Result<Inventory> {
    let mut items = rows(connection, THINGS, thing)?;
    items.extend(rows(connection, COLUMNS, column)?);
    for table in items.iter_mut().filter(|item| item.kind == ItemKind::Table) {
        table.shape = mismatch(connection, &table.name)?;
    }
    let needs = around_views(&mut items);
    Ok(Inventory {
        dialect: "sqlite",
        items,
        needs,
        ..Inventory::default()
    })
}

/// Which view reads from which other, and which trigger is a part of a view: the first cannot be
/// read while the other is away, and the trigger goes with its view.
fn around_views(items: &mut [Item]) -> Vec<Need> {
    let is_view = |item: &&mut Item| item.kind == ItemKind::Whole(Whole::View);
    for view in items.iter_mut().filter(is_view) {
        view.id = format!("view {}", view.name.to_ascii_lowercase());
    }
    let ids: HashSet<String> = items.iter().map(|item| item.id.clone()).collect();
    let view = |name: &str| {
        let id = format!("view {}", name.to_ascii_lowercase());
        ids.contains(&id).then_some(id)
    };
    for item in items.iter_mut() {
        item.of = item.table.as_deref().and_then(view).unwrap_or_default();
    }
    let views = items.iter().filter(|item| !item.id.is_empty());
    let needs = views.flat_map(|item| {
        let tokens = tokens(&item.sql, Brackets::Name);
        let others: HashSet<String> = tokens.iter().filter_map(|it| view(&it.name())).collect();
        let others = others.into_iter().filter(|other| *other != item.id);
        let need = |needed| Need {
            dependent: item.id.clone(),
            needed,
            is_value: false,
        };
        others.map(need).collect::<Vec<_>>()
    });
    needs.collect()
}

fn rows(
    connection: &Connection,
    select: &str,
    read: fn(&Row) -> rusqlite::Result<Item>,
) -> rusqlite::Result<Vec<Item>> {
    let mut statement = connection.prepare(select)?;
    statement.query_map([], read)?.collect()
}

fn thing(row: &Row) -> rusqlite::Result<Item> {
    let sql: String = row.get(3)?;
    let tokens = tokens(&sql, Brackets::Name);
    let is_virtual = tokens.get(1).is_some_and(|token| token.is("virtual"));
    let of_table = row.get(1)?;
    let (kind, table) = match row.get_ref(0)?.as_str()? {
        "table" if is_virtual => (ItemKind::Other("virtual table".to_owned()), None),
        "table" => (ItemKind::Table, None),
        "index" => (ItemKind::Index, Some(of_table)),
        "view" => (ItemKind::Whole(Whole::View), None),
        _ => (ItemKind::Whole(Whole::Trigger), Some(of_table)),
    };
    let definition = match kind {
        ItemKind::Table => table_definition(&tokens),
        // What `SELECT *` and the body of a trigger say is told by their words, case and all.
        ItemKind::Whole(_) => words(&tokens),
        _ => canonical_tokens(&tokens),
    };
    let name: String = row.get(2)?;
    let undo = match &kind {
        ItemKind::Whole(whole) => format!("DROP {} {}", whole.word(), identifier(&name)),
        _ => String::new(),
    };
    Ok(Item {
        kind,
        table,
        name,
        definition,
        sql,
        undo,
        ..Item::default()
    })
}

/// What is at fault with the foreign keys of a table, where they point at what no key tells apart:
/// SQLite says so before it looks at a row.
fn mismatch(connection: &Connection, table: &str) -> rusqlite::Result<String> {
    let check = format!("PRAGMA foreign_key_check({})", identifier(table));
    match connection.prepare(&check) {
        Ok(_) => Ok(String::new()),
        Err(fault) => {
            let said = fault.to_string();
            let what = said.split_once("foreign key mismatch - ");
            let what =
                what.map(|(_, what)| what.split(" in PRAGMA").next().unwrap_or(what).to_owned());
            what.ok_or(fault)
        }
    }
}

/// The columns and constraints, whatever their order, and what follows them. The case of a column's
/// name is seen by whoever reads its rows.
fn table_definition(tokens: &[Token]) -> String {
    let Some(start) = tokens.iter().position(|token| token.is_mark("(")) else {
        return words(tokens);
    };
    let tokens = &tokens[start..];
    let Some(end) = group_end(tokens) else {
        return words(tokens);
    };
    let piece = |piece: &[Token]| {
        let name = piece.first().map(Token::name).unwrap_or_default();
        format!("{name}: {}", canonical_tokens(piece))
    };
    let mut pieces: Vec<String> = items(&tokens[1..end]).into_iter().map(piece).collect();
    pieces.sort_unstable();
    format!(
        "{}\n{}",
        pieces.join("\n"),
        canonical_tokens(&tokens[end + 1..])
    )
}

fn words(tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    words.join(" ")
}

/// What class of change a table's new statement is; the columns themselves stand in it.
fn column(row: &Row) -> rusqlite::Result<Item> {
    let (generated, kept) = match row.get::<_, i64>(5)? {
        super::VIRTUAL => ("computed", "VIRTUAL"),
        super::STORED => ("computed", "STORED"),
        _ => ("", ""),
    };
    Ok(Item {
        kind: ItemKind::Column(ColumnParts {
            column_type: row.get::<_, String>(2)?.to_uppercase(),
            not_null: row.get(3)?,
            generated: generated.to_owned(),
            kept: kept.to_owned(),
            ..ColumnParts::default()
        }),
        table: Some(row.get(0)?),
        name: row.get(1)?,
        ..Item::default()
    })
}
