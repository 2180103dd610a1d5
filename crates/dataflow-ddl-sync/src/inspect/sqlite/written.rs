//! What only the statement that made a table tells: no pragma gives its conditions, the expressions
//! that it computes, or when a foreign key is checked.

use dataflow_core::dialect::token::{Brackets, Token, canonical_tokens, group_end, items, tokens};
use dataflow_core::snapshot::Check;

/// The collation that a column has when it declares none.
pub(super) const USUAL_COLLATION: &str = "BINARY";

/// What a `CREATE TABLE` says, each expression in its one spelling.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) checks: Vec<Check>,
    /// The columns that are computed, each with its expression.
    pub(super) generated: Vec<(String, String)>,
    /// The columns that are compared in a way of their own, each with its collation.
    pub(super) collations: Vec<(String, String)>,
    /// For each foreign key, in order, whether it is checked when the transaction ends.
    pub(super) deferred: Vec<bool>,
}

impl Written {
    pub(super) fn read(sql: &str) -> Self {
        let mut written = Self::default();
        let tokens = tokens(sql, Brackets::Name);
        if let Some(start) = tokens.iter().position(|token| token.is_mark("(")) {
            let tokens = &tokens[start..];
            let end = group_end(tokens).unwrap_or(tokens.len() - 1);
            for item in items(&tokens[1..end]) {
                written.read_item(item);
            }
        }
        written
    }

    /// A column with its clauses, or a constraint of the table.
    fn read_item(&mut self, item: &[Token]) {
        let column = item.first().map(Token::name).unwrap_or_default();
        let mut name = String::new();
        let mut position = 0;
        while position < item.len() {
            let rest = &item[position..];
            if rest[0].is_mark("(") {
                position += group_end(rest).unwrap_or(rest.len() - 1);
            } else if let [word, named, ..] = rest
                && word.is("constraint")
            {
                name = named.name();
                position += 1;
            } else if let Some(expression) = expression_after(rest, "check") {
                let name = std::mem::take(&mut name);
                self.checks.push(Check { name, expression });
            } else if let Some(expression) = expression_after(rest, "as") {
                self.generated.push((column.clone(), expression));
            } else if let [word, collation, ..] = rest
                && word.is("collate")
            {
                let collation = collation.name().to_ascii_uppercase();
                self.collations.push((column.clone(), collation));
            } else if rest[0].is("references") {
                self.deferred.push(false);
            } else if is_deferred(rest)
                && !position
                    .checked_sub(1)
                    .is_some_and(|before| item[before].is("not"))
                && let Some(last) = self.deferred.last_mut()
            {
                *last = true;
            }
            position += 1;
        }
    }

    /// The collation of a column, when it is not the usual one.
    pub(super) fn collation_of(&self, column: &str) -> Option<&str> {
        let is_it = |(name, _): &&(String, String)| name.eq_ignore_ascii_case(column);
        let (_, collation) = self.collations.iter().find(is_it)?;
        Some(&**collation).filter(|collation| *collation != USUAL_COLLATION)
    }

    /// The expression of a column that is computed.
    pub(super) fn expression_of(&self, column: &str) -> Option<&str> {
        let is_it = |(name, _): &&(String, String)| name.eq_ignore_ascii_case(column);
        let (_, expression) = self.generated.iter().find(is_it)?;
        Some(expression)
    }
}

/// What stands in the parentheses after a word.
fn expression_after(tokens: &[Token], word: &str) -> Option<String> {
    let [first, group @ ..] = tokens else {
        return None;
    };
    let opens = group.first().is_some_and(|token| token.is_mark("("));
    if !first.is(word) || !opens {
        return None;
    }
    let end = group_end(group)?;
    Some(canonical_tokens(&group[1..end]))
}

fn is_deferred(tokens: &[Token]) -> bool {
    matches!(tokens, [first, second, third, ..]
        if first.is("deferrable") && second.is("initially") && third.is("deferred"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_tells_what_the_pragmas_do_not() {
        let sql = "CREATE TABLE \"a (b\" (\n\
            id INTEGER PRIMARY KEY, -- CHECK (x)\n\
            price REAL COLLATE nocase DEFAULT (1) CONSTRAINT \"po,s\" CHECK (price > 0) CHECK(price<9),\n\
            \"twice\" REAL GENERATED ALWAYS AS (price * 2) STORED,\n\
            a INT REFERENCES b(c) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,\n\
            d INT REFERENCES b NOT DEFERRABLE INITIALLY DEFERRED,\n\
            CONSTRAINT named CHECK ((a IS NULL OR d IN (1, 2))),\n\
            CONSTRAINT fk FOREIGN KEY (a, d) REFERENCES b (c, d) DEFERRABLE INITIALLY DEFERRED\n\
            ) STRICT";
        let check = |name: &str, expression: &str| Check {
            name: name.to_owned(),
            expression: expression.to_owned(),
        };
        let expected = Written {
            checks: vec![
                check("po,s", "price > 0"),
                check("", "price < 9"),
                check("named", "a is null or d in(1, 2)"),
            ],
            generated: vec![("twice".to_owned(), "price * 2".to_owned())],
            collations: vec![("price".to_owned(), "NOCASE".to_owned())],
            deferred: vec![true, false, true],
        };
        assert_eq!(Written::read(sql), expected);
        assert_eq!(expected.expression_of("TWICE"), Some("price * 2"));
    }
}
