//! Rows that a constraint or an index would refuse, looked for before anything is changed: what is
//! made beside writers fails after other steps were made.

use super::Likeness;
use super::column::is_retyped;
use crate::dialect::token::{Brackets, Token, TokenKind, group_end, items, tokens};
use crate::inventory::{Item, ItemKind};
use crate::plan::Statement;

impl Likeness<'_> {
    /// The query for rows that a thing would refuse; none where what it speaks of is not there yet,
    /// or nothing is known that would find them.
    pub(super) fn unfit_rows(&self, item: &Item) -> Option<Statement> {
        let is_there = self.is_there(item, |_| false);
        let is_elsewhere = |needed: &Item| self.coming.contains(&needed.owner());
        let query = match &item.kind {
            ItemKind::ForeignKey if is_there => without_parent(item, Parents::AreThere),
            ItemKind::ForeignKey if self.is_there(item, is_elsewhere) => {
                without_parent(item, Parents::Come)
            }
            ItemKind::Constraint if is_there => outside_of_check(item),
            ItemKind::Index if is_there => twice(item),
            _ => None,
        };
        let refusal = format!("{item}: rows do not fit it");
        query.map(|query| Statement::before(query, refusal))
    }

    /// Whether everything that a thing needs is there as it is wanted, but for what does not matter.
    /// Keys are needed by no query.
    fn is_there(&self, item: &Item, is_left: impl Fn(&Item) -> bool) -> bool {
        let items = self.wanted.by_id();
        let here = self.found.by_place();
        let needs = self.wanted.needs.iter();
        let needs = needs.filter(|need| need.dependent == item.id);
        let mut needed = needs.filter_map(|need| items.get(&*need.needed));
        needed.all(|needed| {
            let is_key = matches!(needed.kind, ItemKind::Constraint | ItemKind::Index);
            let found = here.get(&needed.place());
            is_key || is_left(needed) || found.is_some_and(|found| holds_the_same(found, needed))
        })
    }
}

/// Whether a query finds the same in both: what a column is by default, and whether it may be null,
/// changes no row.
fn holds_the_same(found: &Item, wanted: &Item) -> bool {
    match (&found.kind, &wanted.kind) {
        (ItemKind::Column(found), ItemKind::Column(wanted)) => {
            !is_retyped(found, wanted) && found.generated == wanted.generated
        }
        _ => found.is_like(wanted),
    }
}

fn outside_of_check(item: &Item) -> Option<String> {
    let tokens = tokens(&item.sql, Brackets::Position);
    let (first, open) = (tokens.first()?, tokens.get(1)?);
    let close = tokens.get(closing(&tokens, 1)?)?;
    let condition = &item.sql[open.start..close.end()];
    let only = match item.sql.contains("NO INHERIT") {
        true => "ONLY ",
        false => "",
    };
    let table = item.owner_identifier();
    first
        .is("check")
        .then(|| format!("SELECT 1 FROM {only}{table} WHERE NOT {condition} LIMIT 1"))
}

/// Whether the table that others point at is there before the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parents {
    AreThere,
    Come,
}

/// `FOREIGN KEY (…) REFERENCES … (…)`: a row that points nowhere. Where the other table is not there
/// yet, each row that points anywhere does.
fn without_parent(item: &Item, parents: Parents) -> Option<String> {
    let sql = &item.sql;
    let tokens = tokens(sql, Brackets::Position);
    let position = |from: usize| {
        let mut marks = tokens.iter().skip(from);
        Some(from + marks.position(|token| token.is_mark("("))?)
    };
    let own = position(0)?;
    let own_end = closing(&tokens, own)?;
    let others = position(own_end)?;
    let others_end = closing(&tokens, others)?;
    let references = tokens.get(own_end + 1)?;
    if !references.is("references") || sql[tokens[others_end].end()..].contains("MATCH FULL") {
        return None;
    }
    let parent = &sql[references.end()..tokens[others].start];
    let own = plain_names(&tokens[own + 1..own_end])?;
    let others = plain_names(&tokens[others + 1..others_end])?;
    let pairs = own.iter().zip(&others);
    let pairs: Vec<String> = pairs
        .map(|(own, other)| format!("parent.{other} = child.{own}"))
        .collect();
    let set: Vec<String> = own
        .iter()
        .map(|own| format!("child.{own} IS NOT NULL"))
        .collect();
    let pairs = pairs.join(" AND ");
    let nowhere = match parents {
        Parents::AreThere => {
            format!(" AND NOT EXISTS (SELECT 1 FROM{parent} parent WHERE {pairs})")
        }
        Parents::Come => String::new(),
    };
    Some(format!(
        "SELECT 1 FROM {} child WHERE {}{nowhere} LIMIT 1",
        item.owner_identifier(),
        set.join(" AND "),
    ))
}

/// `CREATE UNIQUE INDEX … (…) WHERE …`, where it covers columns alone: rows that hold the same.
fn twice(item: &Item) -> Option<String> {
    let sql = &item.sql;
    let tokens = tokens(sql, Brackets::Position);
    let open = tokens.iter().position(|token| token.is_mark("("))?;
    let end = closing(&tokens, open)?;
    if !tokens.get(1)?.is("unique") || sql.contains("NULLS NOT DISTINCT") {
        return None;
    }
    let columns = plain_names(&tokens[open + 1..end])?;
    let set = columns.iter().map(|column| format!("{column} IS NOT NULL"));
    let after = tokens[end..].iter().find(|token| token.is("where"));
    let condition = after.map(|token| sql[token.end()..].trim().to_owned());
    let conditions: Vec<String> = set.chain(condition).collect();
    Some(format!(
        "SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1 LIMIT 1",
        item.owner_identifier(),
        conditions.join(" AND "),
        columns.join(", ")
    ))
}

/// Where a parenthesis is closed.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    Some(open + group_end(tokens.get(open..)?)?)
}

/// The names of a list that consists of them alone.
fn plain_names<'a>(list: &[Token<'a>]) -> Option<Vec<&'a str>> {
    let name = |item: &[Token<'a>]| match item {
        [name] if matches!(name.kind, TokenKind::Word | TokenKind::Quoted) => Some(name.text),
        _ => None,
    };
    items(list).into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_thing_refuses_is_a_query() {
        let item = |kind: ItemKind, sql: &str| Item {
            kind,
            table: Some("a".to_owned()),
            sql: sql.to_owned(),
            ..Item::default()
        };
        let cases = [
            (
                outside_of_check(&item(ItemKind::Constraint, "CHECK ((x > 0))")),
                Some("SELECT 1 FROM \"a\" WHERE NOT ((x > 0)) LIMIT 1"),
            ),
            (
                outside_of_check(&item(ItemKind::Constraint, "UNIQUE (x)")),
                None,
            ),
            (
                without_parent(
                    &item(
                        ItemKind::ForeignKey,
                        "FOREIGN KEY (x, \"Y\") REFERENCES b(p, q) ON DELETE CASCADE",
                    ),
                    Parents::AreThere,
                ),
                Some(
                    "SELECT 1 FROM \"a\" child WHERE child.x IS NOT NULL AND child.\"Y\" IS NOT NULL \
                     AND NOT EXISTS (SELECT 1 FROM b parent WHERE parent.p = child.x AND \
                     parent.q = child.\"Y\") LIMIT 1",
                ),
            ),
            (
                without_parent(
                    &item(ItemKind::ForeignKey, "FOREIGN KEY (x) REFERENCES b(p)"),
                    Parents::Come,
                ),
                Some("SELECT 1 FROM \"a\" child WHERE child.x IS NOT NULL LIMIT 1"),
            ),
            (
                twice(&item(
                    ItemKind::Index,
                    "CREATE UNIQUE INDEX i ON a USING btree (x, y) WHERE (z > 0)",
                )),
                Some(
                    "SELECT 1 FROM \"a\" WHERE x IS NOT NULL AND y IS NOT NULL AND (z > 0) \
                     GROUP BY x, y HAVING count(*) > 1 LIMIT 1",
                ),
            ),
            (
                twice(&item(
                    ItemKind::Index,
                    "CREATE INDEX i ON a USING btree (x)",
                )),
                None,
            ),
            (
                twice(&item(
                    ItemKind::Index,
                    "CREATE UNIQUE INDEX i ON a USING btree (lower(x))",
                )),
                None,
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found.as_deref(), expected);
        }
    }
}
