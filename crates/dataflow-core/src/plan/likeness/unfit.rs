//! Rows that a constraint or an index would refuse, looked for before anything is changed: what is
//! made beside writers fails after other steps were made.

use super::Likeness;
use super::column::is_retyped;
use super::enumeration::labels;
use crate::dialect::token::{Brackets, Token, TokenKind, group_end, items, tokens};
use crate::dialect::{enum_type, identifier};
use crate::inventory::{Item, ItemKind};
use crate::plan::Statement;

impl Likeness<'_> {
    /// The query for rows that a thing would refuse; none where what it speaks of is not there yet
    /// and cannot be told, or nothing is known that would find them.
    pub(super) fn unfit_rows(&self, item: &Item) -> Option<Statement> {
        let query = match &item.kind {
            ItemKind::ForeignKey => match self.coming_values(item, |_| false) {
                Some(values) => {
                    let is_own = |needed: &Item| needed.owner() == item.owner();
                    let parents = match self.needed(item).all(is_own) {
                        true => Parents::AreChildren,
                        false => Parents::AreThere,
                    };
                    without_parent(item, &values, parents)
                }
                None => {
                    let is_elsewhere = |needed: &Item| self.coming.contains(&needed.owner());
                    let values = self.coming_values(item, is_elsewhere)?;
                    without_parent(item, &values, Parents::Come)
                }
            },
            ItemKind::Constraint => outside_of_check(item, &self.coming_values(item, |_| false)?),
            ItemKind::Index => twice(item, &self.coming_values(item, |_| false)?),
            _ => None,
        };
        let refusal = format!("{item}: rows do not fit it");
        query.map(|query| Statement::before(query, refusal))
    }

    /// What the columns that come to its table with a thing hold in the rows that are there, a select
    /// item each. None where something else that the thing needs is not there as it is wanted, but
    /// for what does not matter; keys are needed by no query.
    fn coming_values(&self, item: &Item, is_left: impl Fn(&Item) -> bool) -> Option<Vec<String>> {
        let here = self.found.by_place();
        let mut values = Vec::new();
        for needed in self.needed(item) {
            let is_key = matches!(needed.kind, ItemKind::Constraint | ItemKind::Index);
            match here.get(&needed.place()) {
                _ if is_key || is_left(needed) => {}
                Some(found) if holds_the_same(found, needed) => {}
                None if needed.owner() == item.owner() => values.push(self.coming_value(needed)?),
                _ => return None,
            }
        }
        Some(values)
    }

    /// What a column that comes holds in each row, where that is one value.
    fn coming_value(&self, column: &Item) -> Option<String> {
        let ItemKind::Column(parts) = &column.kind else {
            return None;
        };
        let here = self.found.by_place();
        let is_there = |needed: &Item| {
            let found = here.get(&needed.place());
            found.is_some_and(|found| holds_the_same(found, needed))
        };
        let is_one = parts.identity.is_empty()
            && parts.generated.is_empty()
            && (parts.default.is_empty() || !self.dialect.is_volatile(&parts.default))
            && self.needed(column).all(is_there);
        let value = match parts.default.as_str() {
            "" => "NULL",
            default => default,
        };
        let (column_type, name) = (&parts.column_type, identifier(&column.name));
        is_one.then(|| {
            let value = format!("CAST({value} AS {column_type}) {}", parts.collation);
            format!("{} AS {name}", value.trim_end())
        })
    }

    /// What a wanted thing needs, but for itself.
    fn needed(&self, item: &Item) -> impl Iterator<Item = &Item> {
        let items = self.wanted.by_id();
        let needs = self.wanted.needs.iter();
        let needs = needs.filter(|need| need.dependent == item.id && need.needed != item.id);
        needs.filter_map(move |need| items.get(&*need.needed).copied())
    }
}

/// Whether a query finds the same in both: what a column is by default, and whether it may be null,
/// changes no row. Labels that a type is given are there before the query that speaks of them.
fn holds_the_same(found: &Item, wanted: &Item) -> bool {
    match (&found.kind, &wanted.kind) {
        (ItemKind::Column(found), ItemKind::Column(wanted)) => {
            !is_retyped(found, wanted) && found.generated == wanted.generated
        }
        (ItemKind::Enum, ItemKind::Enum) => {
            enum_type::are_kept(&labels(&found.sql), &labels(&wanted.sql))
        }
        _ => found.is_like(wanted),
    }
}

/// The rows of the table of a thing, with what its columns that come will hold.
fn rows(item: &Item, only: &str, values: &[String], alias: &str) -> String {
    let table = format!("{only}{}", item.owner_identifier());
    match values {
        [] => format!("{table} {alias}").trim_end().to_owned(),
        values => {
            let alias = match alias {
                "" => identifier(&item.owner().name),
                alias => alias.to_owned(),
            };
            format!("(SELECT *, {} FROM {table}) {alias}", values.join(", "))
        }
    }
}

fn outside_of_check(item: &Item, values: &[String]) -> Option<String> {
    let tokens = tokens(&item.sql, Brackets::Position);
    let (first, open) = (tokens.first()?, tokens.get(1)?);
    let close = tokens.get(closing(&tokens, 1)?)?;
    let condition = &item.sql[open.start..close.end()];
    let only = match item.sql.contains("NO INHERIT") {
        true => "ONLY ",
        false => "",
    };
    let rows = rows(item, only, values, "");
    first
        .is("check")
        .then(|| format!("SELECT 1 FROM {rows} WHERE NOT {condition} LIMIT 1"))
}

/// Where the rows are that others point at, before the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parents {
    /// In another table.
    AreThere,
    /// In the table of those that point, whose columns may come too.
    AreChildren,
    /// In a table that is not there yet.
    Come,
}

/// `FOREIGN KEY (…) REFERENCES … (…)`: a row that points nowhere. Where the other table is not there
/// yet, each row that points anywhere does.
fn without_parent(item: &Item, values: &[String], parents: Parents) -> Option<String> {
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
    let parents = match parents {
        Parents::AreThere => Some(format!("{} parent", parent.trim())),
        Parents::AreChildren => Some(rows(item, "", values, "parent")),
        Parents::Come => None,
    };
    let nowhere = parents.map_or_else(String::new, |parents| {
        format!(" AND NOT EXISTS (SELECT 1 FROM {parents} WHERE {pairs})")
    });
    Some(format!(
        "SELECT 1 FROM {} WHERE {}{nowhere} LIMIT 1",
        rows(item, "", values, "child"),
        set.join(" AND "),
    ))
}

/// `CREATE UNIQUE INDEX … (…) WHERE …`: rows that hold the same.
fn twice(item: &Item, values: &[String]) -> Option<String> {
    let sql = &item.sql;
    let tokens = tokens(sql, Brackets::Position);
    let open = tokens.iter().position(|token| token.is_mark("("))?;
    let end = closing(&tokens, open)?;
    let keys = items(&tokens[open + 1..end]).into_iter();
    let keys: Vec<&str> = keys.map(|key| value_of(sql, key)).collect::<Option<_>>()?;
    let are_set = keys.iter().map(|key| format!("{key} IS NOT NULL"));
    let are_set = are_set.filter(|_| !sql.contains("NULLS NOT DISTINCT"));
    let after = tokens[end..].iter().find(|token| token.is("where"));
    let condition = after.map(|token| sql[token.end()..].trim().to_owned());
    let conditions: Vec<String> = are_set.chain(condition).collect();
    let among = match conditions.as_slice() {
        [] => String::new(),
        conditions => format!(" WHERE {}", conditions.join(" AND ")),
    };
    is_unique(item).then(|| {
        format!(
            "SELECT 1 FROM {}{among} GROUP BY {} HAVING count(*) > 1 LIMIT 1",
            rows(item, "", values, ""),
            keys.join(", ")
        )
    })
}

/// Whether an index refuses rows that hold the same.
pub(super) fn is_unique(index: &Item) -> bool {
    let tokens = tokens(&index.sql, Brackets::Position);
    tokens.get(1).is_some_and(|token| token.is("unique"))
}

/// The value that stands in an index, without how it is compared and kept: a column, a call, or what
/// is in parentheses.
fn value_of<'a>(sql: &'a str, key: &[Token]) -> Option<&'a str> {
    let first = key.first()?;
    let open = key.iter().position(|token| token.is_mark("("));
    let end = match open {
        Some(at @ (0 | 1)) => closing(key, at)?,
        None if matches!(first.kind, TokenKind::Word | TokenKind::Quoted) => 0,
        _ => return None,
    };
    let compares = |token: &Token| token.is("collate") || token.is_mark(".") || token.is_mark("(");
    let has_rest = key[end + 1..].iter().any(compares);
    (!has_rest).then(|| &sql[first.start..key[end].end()])
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
        let index = |sql| item(ItemKind::Index, sql);
        let cases = [
            (
                outside_of_check(&item(ItemKind::Constraint, "CHECK ((x > 0))"), &[]),
                Some("SELECT 1 FROM \"a\" WHERE NOT ((x > 0)) LIMIT 1"),
            ),
            (
                outside_of_check(
                    &item(ItemKind::Constraint, "CHECK ((x > 0)) NO INHERIT"),
                    &["CAST(NULL AS integer) AS \"x\"".to_owned()],
                ),
                Some(
                    "SELECT 1 FROM (SELECT *, CAST(NULL AS integer) AS \"x\" FROM ONLY \"a\") \"a\" \
                     WHERE NOT ((x > 0)) LIMIT 1",
                ),
            ),
            (
                outside_of_check(&item(ItemKind::Constraint, "UNIQUE (x)"), &[]),
                None,
            ),
            (
                without_parent(
                    &item(
                        ItemKind::ForeignKey,
                        "FOREIGN KEY (x, \"Y\") REFERENCES b(p, q) ON DELETE CASCADE",
                    ),
                    &[],
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
                    &item(ItemKind::ForeignKey, "FOREIGN KEY (x) REFERENCES a(p)"),
                    &["CAST(3 AS integer) AS \"p\"".to_owned()],
                    Parents::AreChildren,
                ),
                Some(
                    "SELECT 1 FROM (SELECT *, CAST(3 AS integer) AS \"p\" FROM \"a\") child \
                     WHERE child.x IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \
                     (SELECT *, CAST(3 AS integer) AS \"p\" FROM \"a\") parent \
                     WHERE parent.p = child.x) LIMIT 1",
                ),
            ),
            (
                without_parent(
                    &item(ItemKind::ForeignKey, "FOREIGN KEY (x) REFERENCES b(p)"),
                    &[],
                    Parents::Come,
                ),
                Some("SELECT 1 FROM \"a\" child WHERE child.x IS NOT NULL LIMIT 1"),
            ),
            (
                twice(
                    &index("CREATE UNIQUE INDEX i ON a USING btree (x, y) WHERE (z > 0)"),
                    &[],
                ),
                Some(
                    "SELECT 1 FROM \"a\" WHERE x IS NOT NULL AND y IS NOT NULL AND (z > 0) \
                     GROUP BY x, y HAVING count(*) > 1 LIMIT 1",
                ),
            ),
            (
                twice(&index("CREATE INDEX i ON a USING btree (x)"), &[]),
                None,
            ),
            (
                twice(
                    &index(
                        "CREATE UNIQUE INDEX i ON a USING btree (lower(x), ((y + 1)) DESC) NULLS NOT DISTINCT",
                    ),
                    &[],
                ),
                Some(
                    "SELECT 1 FROM \"a\" GROUP BY lower(x), ((y + 1)) HAVING count(*) > 1 LIMIT 1",
                ),
            ),
            (
                twice(
                    &index("CREATE UNIQUE INDEX i ON a USING btree (x COLLATE \"C\")"),
                    &[],
                ),
                None,
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found.as_deref(), expected);
        }
    }
}
