//! Types of named values.

use super::{Likeness, Rank};
use crate::dialect::enum_type;
use crate::dialect::token::{Brackets, Token, TokenKind, tokens};
use crate::inventory::Item;
use crate::plan::{Class, Lock, Statement};

impl<'a> Likeness<'a> {
    pub(super) fn make_enum(&mut self, item: &'a Item) {
        let sql = format!("CREATE TYPE {} AS ENUM ({})", item.identifier(), item.sql);
        self.simple(Rank::Type, item, "create", sql);
    }

    /// Values can be added anywhere; none can be removed or moved.
    pub(super) fn change_enum(&mut self, found: &'a Item, wanted: &'a Item) {
        let (before, after) = (labels(&found.sql), labels(&wanted.sql));
        if !enum_type::are_kept(&before, &after) {
            return self.refuse(
                wanted,
                "lost or moved values on the way to the target",
                "change",
            );
        }
        let added = enum_type::add_labels(&wanted.identifier(), &before, &after);
        let mut step = self.step(wanted, "extend", Class::Safe, Lock::Nobody, String::new());
        step.statements = added.into_iter().map(Statement::together).collect();
        self.place(Rank::Type, wanted, step);
    }
}

/// What the literals of a list stand for.
fn labels(list: &str) -> Vec<String> {
    let tokens = tokens(list, Brackets::Position);
    let literals = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Literal);
    literals.map(Token::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_literals_is_taken_apart() {
        let cases: [(&str, &[&str]); 3] = [
            ("", &[]),
            ("'a', 'b'", &["a", "b"]),
            ("'it''s, so', ' '", &["it's, so", " "]),
        ];
        for (list, expected) in cases {
            assert_eq!(labels(list), expected, "{list}");
        }
    }
}
