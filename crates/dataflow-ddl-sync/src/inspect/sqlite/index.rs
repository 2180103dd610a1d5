//! The indexes of tables. The pragmas do not tell expressions, so those are read out of the
//! statement that made the index.

use dataflow_core::dialect::token::{
    Brackets, Token, canonical_tokens, group_end, items, tokens, without_parentheses,
};
use dataflow_core::snapshot::{Index, IndexKey, IndexMember, Table};
use rusqlite::Row;

use super::written::USUAL_COLLATION;
use crate::inspect::add_index_member;

/// One row for each member of each index; what follows the key is how SQLite finds the row.
pub(super) const INDEXES: &str = "
SELECT found.name, list.name, list.\"unique\", info.seqno, info.name, info.desc, info.coll
FROM found
JOIN pragma_index_list(found.name) list ON list.origin <> 'pk'
JOIN pragma_index_xinfo(list.name) info ON info.key
ORDER BY found.name, list.name, info.seqno";

/// Reads one row of [`INDEXES`]. The statements of the table are there already.
pub(super) fn read(row: &Row, table: &mut Table) -> rusqlite::Result<()> {
    let name: String = row.get(1)?;
    let mut made = table
        .existing
        .definition
        .iter()
        .flat_map(|made| &made.attachments);
    let made = made.find(|attachment| attachment.name == name);
    let written = made
        .map(|made| Written::read(&made.sql))
        .unwrap_or_default();
    let position: u32 = row.get(3)?;
    let column: Option<String> = row.get(4)?;
    let collation: Option<String> = row.get(6)?;
    let index = Index {
        name,
        unique: row.get(2)?,
        predicate: written.predicate,
        ..Index::default()
    };
    let of_column = column.as_deref().and_then(|name| table.column(name));
    let usual = of_column.and_then(|column| column.collation.as_deref());
    let usual = usual.unwrap_or(USUAL_COLLATION).to_owned();
    let member = IndexMember {
        key: match column {
            Some(column) => IndexKey::Column(column),
            None => IndexKey::Expression(
                written
                    .members
                    .get(position as usize)
                    .cloned()
                    .unwrap_or_default(),
            ),
        },
        descending: row.get(5)?,
        nulls: None,
        operator_class: None,
        collation: collation
            .map(|collation| collation.to_ascii_uppercase())
            .filter(|collation| *collation != usual),
    };
    add_index_member(table, index, member);
    Ok(())
}

/// What a `CREATE INDEX` says, each expression in its one spelling.
#[derive(Debug, Default, PartialEq, Eq)]
struct Written {
    members: Vec<String>,
    predicate: Option<String>,
}

impl Written {
    /// `CREATE INDEX name ON table (members) WHERE predicate`.
    fn read(sql: &str) -> Self {
        let tokens = tokens(sql, Brackets::Name);
        let Some(start) = tokens.iter().position(|token| token.is_mark("(")) else {
            return Self::default();
        };
        let tokens = &tokens[start..];
        let end = group_end(tokens).unwrap_or(tokens.len() - 1);
        let predicate = match &tokens[end + 1..] {
            [first, condition @ ..] if first.is("where") => Some(canonical_tokens(condition)),
            _ => None,
        };
        Self {
            members: items(&tokens[1..end]).into_iter().map(expression).collect(),
            predicate,
        }
    }
}

/// A member without its order and collation.
fn expression(member: &[Token]) -> String {
    let mut expression = member;
    loop {
        expression = match expression {
            [rest @ .., order] if order.is("asc") || order.is("desc") => rest,
            [rest @ .., collate, _] if collate.is("collate") => rest,
            _ => return canonical_tokens(without_parentheses(expression)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_tells_what_its_index_covers() {
        let cases = [
            ("CREATE INDEX i ON t (a)", vec!["a"], None),
            (
                "CREATE UNIQUE INDEX \"i (\" ON \"t\" ((lower(\"a\")) DESC, b, x + 1 COLLATE nocase)",
                vec!["lower(a)", "b", "x + 1"],
                None,
            ),
            (
                "CREATE INDEX i ON t(f(a, 'WHERE'))where ( a IS NOT NULL )",
                vec!["f(a, 'WHERE')"],
                Some("a is not null"),
            ),
        ];
        for (sql, members, predicate) in cases {
            let expected = Written {
                members: members.into_iter().map(ToOwned::to_owned).collect(),
                predicate: predicate.map(ToOwned::to_owned),
            };
            assert_eq!(Written::read(sql), expected, "{sql}");
        }
    }
}
