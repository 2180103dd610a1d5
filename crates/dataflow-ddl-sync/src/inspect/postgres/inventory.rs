//! Everything that schemas hold, in one round trip.
//!
//! What statements can make comes with them. All else comes too, so that it is compared and its
//! difference is named.

use dataflow_core::dialect::literal;
use dataflow_core::dialect::token::{Brackets, Token, items, tokens};
use dataflow_core::inventory::{
    Brought, ColumnParts, Inventory, Item, ItemKind, Need, Schemas, Whole,
};
use postgres::SimpleQueryRow;

/// The selects, divided by semicolons.
const SELECTS: &str = concat!(
    include_str!("inventory/table.sql"),
    include_str!("inventory/whole.sql"),
    include_str!("inventory/rare.sql"),
    include_str!("inventory/said.sql"),
    include_str!("inventory/needs.sql"),
);

/// What else there is where one schema stands for the database.
const OTHERS: &str = include_str!("inventory/others.sql");

/// What else there is where schemas are named.
const THEMSELVES: &str = include_str!("inventory/schema.sql");

/// The queries, to be sent together. Where schemas are named the server names everything with its
/// schema, because none is searched.
pub(crate) fn query(schemas: &Schemas) -> String {
    const NONE_SEARCHED: &str = "SET LOCAL search_path = '';";
    const ONE: &str = "NULL::name AS shown, '' AS prefix FROM pg_namespace WHERE nspname =";
    let (here, more, search) = match schemas {
        Schemas::Current => (format!("{ONE} current_schema()"), OTHERS, ""),
        Schemas::One(name) => (format!("{ONE} {}", literal(name)), OTHERS, ""),
        Schemas::Named(names) => {
            let meant = format!("nspname IN ({})", literals(names));
            (several(&meant), THEMSELVES, NONE_SEARCHED)
        }
        Schemas::All => (several("true"), THEMSELVES, NONE_SEARCHED),
    };
    let beginning = format!(
        "WITH brought AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'), \
              here AS (SELECT oid, nspname AS name, {here})\n"
    );
    let selects = [more, SELECTS].into_iter();
    let selects = selects.flat_map(|selects| selects.split(";\n"));
    let queries: Vec<String> = selects
        .filter(|select| select.contains("SELECT"))
        .map(|select| format!("{beginning}{select}"))
        .collect();
    // Compiling them takes longer than they do.
    format!("SET LOCAL jit = off; {search} {}", queries.join(";\n"))
}

/// The schemas that somebody made and that a condition means.
fn several(meant: &str) -> String {
    format!(
        "nspname AS shown, quote_ident(nspname) || '.' AS prefix FROM pg_namespace \
         WHERE {meant} AND nspname NOT LIKE 'pg\\_%' \
         AND nspname <> 'information_schema' AND oid NOT IN (SELECT objid FROM brought \
         WHERE classid = 'pg_namespace'::regclass)"
    )
}

fn literals(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| literal(name)).collect();
    names.join(", ")
}

/// The things that the rows of [`query`] describe.
pub(crate) fn read(schemas: &Schemas, rows: &[SimpleQueryRow]) -> Inventory {
    let of = |word: &'static str| rows.iter().filter(move |row| row.get(0) == Some(word));
    let is_thing = |row: &&SimpleQueryRow| !matches!(row.get(0), Some("needs" | "brought"));
    let things = rows.iter().filter(is_thing);
    Inventory {
        dialect: "postgres",
        schemas: schemas.clone(),
        items: things.map(item).collect(),
        needs: of("needs").map(need).collect(),
        feed: Vec::new(),
        brought: of("brought").map(brought).collect(),
    }
}

fn brought(row: &SimpleQueryRow) -> Brought {
    Brought {
        table: text(row, 1),
        extension: text(row, 2),
    }
}

/// The default of a column stands for itself, by a letter of its own.
fn need(row: &SimpleQueryRow) -> Need {
    let (dependent, needed) = (text(row, 1), text(row, 2));
    let column = dependent.strip_prefix('d').map(|place| format!("c{place}"));
    Need {
        is_value: column.is_some(),
        dependent: column.unwrap_or(dependent),
        needed,
    }
}

fn item(row: &SimpleQueryRow) -> Item {
    let text = |position| text(row, position);
    let (name, sql, mut beyond) = (text(3), text(4), text(5));
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
        // It is only looked at.
        "other schema" => ItemKind::Other("schema".to_owned()),
        other => match Whole::of_word(other) {
            Some(whole) => ItemKind::Whole(whole),
            None => ItemKind::Other(other.to_owned()),
        },
    };
    let definition = match kind {
        ItemKind::Table => text(9),
        ItemKind::Other(_) => format!("{sql}\n{}", std::mem::take(&mut beyond)),
        _ => settled(&sql),
    };
    let sql = match kind {
        ItemKind::Comment => format!("COMMENT ON {name} IS {}", literal(&sql)),
        ItemKind::Other(_) => String::new(),
        _ => sql,
    };
    let (undo, shape) = match kind {
        ItemKind::Whole(_) => (optional(row, 8), optional(row, 9)),
        ItemKind::Comment => (optional(row, 8), String::new()),
        ItemKind::Table | ItemKind::Sequence => (String::new(), text(9)),
        _ => Default::default(),
    };
    Item {
        kind,
        schema: row.get(1).map(ToOwned::to_owned),
        table: row.get(2).map(ToOwned::to_owned),
        name,
        definition,
        sql,
        beyond,
        id: optional(row, 6),
        of: optional(row, 7),
        undo,
        shape,
    }
}

/// A text in the words that the database has for it once it has read them back. A list that was cast
/// as a whole (`x IN ('a', 'b')` of a column of limited length) is one whose members are cast.
fn settled(sql: &str) -> String {
    const BEGIN: &str = "(ARRAY[";
    const END: &str = "])::text[]";
    let Some((before, rest)) = sql.split_once(BEGIN) else {
        return sql.to_owned();
    };
    let tokens = tokens(rest, Brackets::Position);
    let end = tokens.iter().position(|token| token.is_mark("]"));
    let end = end.filter(|at| rest[tokens[*at].start..].starts_with(END));
    let Some(end) = end else {
        return format!("{before}{BEGIN}{}", settled(rest));
    };
    let cast = |member: &[Token]| {
        let (first, last) = (member.first()?, member.last()?);
        Some(format!("({})::text", &rest[first.start..last.end()]))
    };
    let members: Vec<String> = items(&tokens[..end]).into_iter().filter_map(cast).collect();
    let after = settled(&rest[tokens[end].start + END.len()..]);
    format!("{before}ARRAY[{}]{after}", members.join(", "))
}

fn parts(row: &SimpleQueryRow) -> ColumnParts {
    let text = |position| text(row, position);
    ColumnParts {
        column_type: text(8),
        collation: text(9),
        default: text(10),
        not_null: row.get(11) == Some("t"),
        identity: text(12),
        generated: text(13),
        kept: text(14),
    }
}

fn text(row: &SimpleQueryRow, position: usize) -> String {
    row.get(position).unwrap_or_default().to_owned()
}

/// The text of a column that not every select has.
fn optional(row: &SimpleQueryRow, position: usize) -> String {
    match position < row.len() {
        true => text(row, position),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn a_list_that_is_cast_is_one_of_members_that_are() {
        let cases = [
            ("CHECK ((a > 0))", "CHECK ((a > 0))"),
            (
                "CHECK ((a = ANY ((ARRAY['x, ]'::character varying, 'y'::character varying])::text[])))",
                "CHECK ((a = ANY (ARRAY[('x, ]'::character varying)::text, ('y'::character varying)::text])))",
            ),
            ("(ARRAY[1, 2])::integer[]", "(ARRAY[1, 2])::integer[]"),
            (
                "f((ARRAY[a])::text[], (ARRAY[b])::text[])",
                "f(ARRAY[(a)::text], ARRAY[(b)::text])",
            ),
        ];
        for (sql, expected) in cases {
            assert_eq!(settled(sql), expected);
        }
    }
}
