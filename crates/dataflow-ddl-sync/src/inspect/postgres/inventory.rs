//! Everything that a schema holds, in one round trip.
//!
//! What statements can make comes with them. All else comes too, so that it is compared and its
//! difference is named.

use dataflow_core::dialect::literal;
use dataflow_core::dialect::token::{Brackets, Token, items, tokens};
use dataflow_core::inventory::{ColumnParts, Inventory, Item, ItemKind, Need, Whole};
use postgres::SimpleQueryRow;

/// The selects, divided by semicolons.
const SELECTS: &str = concat!(
    include_str!("inventory/table.sql"),
    include_str!("inventory/whole.sql"),
    include_str!("inventory/said.sql"),
    include_str!("inventory/needs.sql"),
);

/// What the selects begin with: the schema, and what extensions brought into the database.
fn beginning(schema: Option<&str>) -> String {
    let name = schema.map_or_else(|| "current_schema()".to_owned(), literal);
    format!(
        "WITH here AS (SELECT oid, nspname AS name FROM pg_namespace WHERE nspname = {name}), \
         brought AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')\n"
    )
}

/// The queries for a schema, without a name for the current one, to be sent together.
pub(crate) fn query(schema: Option<&str>) -> String {
    let beginning = beginning(schema);
    let selects = SELECTS
        .split(";\n")
        .filter(|select| select.contains("SELECT"));
    let queries: Vec<String> = selects
        .map(|select| format!("{beginning}{select}"))
        .collect();
    // Compiling them takes longer than they do.
    format!("SET LOCAL jit = off; {}", queries.join(";\n"))
}

/// The things that the rows of [`query`] describe.
pub(crate) fn read(rows: &[SimpleQueryRow]) -> Inventory {
    let is_need = |row: &&SimpleQueryRow| row.get(0) == Some("needs");
    let things = rows.iter().filter(|row| !is_need(row));
    Inventory {
        dialect: "postgres",
        schema: None,
        items: things.map(item).collect(),
        needs: rows.iter().filter(is_need).map(need).collect(),
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
        other => match Whole::of_word(other) {
            Some(whole) => ItemKind::Whole(whole),
            None => ItemKind::Other(other.to_owned()),
        },
    };
    let definition = match kind {
        ItemKind::Other(_) => format!("{sql}\n{}", std::mem::take(&mut beyond)),
        _ => settled(&sql),
    };
    let sql = match kind {
        ItemKind::Comment => format!("COMMENT ON {name} IS {}", literal(&sql)),
        ItemKind::Other(_) => String::new(),
        _ => sql,
    };
    let (undo, shape) = match kind {
        ItemKind::Whole(_) => (text(7), text(8)),
        _ => Default::default(),
    };
    Item {
        kind,
        table: row.get(1).map(ToOwned::to_owned),
        name,
        definition,
        sql,
        beyond,
        id: optional(row, 5),
        of: optional(row, 6),
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
        column_type: text(7),
        collation: text(8),
        default: text(9),
        not_null: row.get(10) == Some("t"),
        identity: text(11),
        generated: text(12),
        kept: text(13),
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
