//! Types of named values.

use super::order::Placed;
use super::{Likeness, Rank};
use crate::dialect::enum_type;
use crate::dialect::token::{Brackets, Token, TokenKind, tokens};
use crate::inventory::Item;
use crate::plan::{Class, Lock, Run, Statement};

impl<'a> Likeness<'a> {
    pub(super) fn make_enum(&mut self, item: &'a Item) {
        let sql = format!("CREATE TYPE {} AS ENUM ({})", item.identifier(), item.sql);
        self.simple(Rank::Type, item, "create", sql);
    }

    /// Values can be added anywhere. A type that loses or moves some was set aside, unless other types
    /// are made of it.
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
        self.extended.push(Extended {
            item: wanted,
            step: self.steps.len(),
            labels: after
                .into_iter()
                .filter(|label| !before.contains(label))
                .collect(),
        });
        self.place(Rank::Type, wanted, step);
    }

    /// A transaction cannot use a label that it added itself, so labels that other steps use are
    /// added in one of their own.
    pub(super) fn add_labels_ahead(&mut self) {
        for extended in std::mem::take(&mut self.extended) {
            let others = self.steps.iter().enumerate();
            let mut others = others.filter(|(at, _)| *at != extended.step);
            if others.any(|(_, placed)| self.uses(placed, &extended)) {
                for statement in &mut self.steps[extended.step].step.statements {
                    statement.run = Run::Ahead;
                }
            }
        }
    }

    /// Rows of a column that is given the type may hold any label.
    fn uses(&self, placed: &Placed<'_>, extended: &Extended<'_>) -> bool {
        let is_given = |placed: &Placed<'_>| {
            let mut needs = self.wanted.needs.iter();
            let id = &extended.item.id;
            placed.rank == Rank::ColumnType
                && needs.any(|need| need.dependent == placed.item.id && need.needed == *id)
        };
        let mentions = |statement: &Statement| {
            let tokens = tokens(&statement.sql, Brackets::Position);
            let literals = tokens
                .iter()
                .filter(|token| token.kind == TokenKind::Literal);
            let mut texts = literals.map(Token::name);
            texts.any(|text| {
                let mut labels = extended.labels.iter();
                labels.any(|label| text == *label || text.starts_with('{') && text.contains(label))
            })
        };
        is_given(placed) || placed.step.statements.iter().any(mentions)
    }

    /// One that was set aside loses what rows could have held.
    pub(super) fn drop_enum(&mut self, item: &'a Item) {
        let class = match self.aside.loses_labels(item) {
            true => Class::Destructive,
            false => Class::Breaking,
        };
        let sql = format!("DROP TYPE {}", item.identifier());
        let step = self.step(item, "drop", class, Lock::Nobody, sql);
        self.place(Rank::WithoutType, item, step);
    }
}

/// A type that is given labels.
pub(super) struct Extended<'a> {
    item: &'a Item,
    /// The place of its step.
    step: usize,
    /// The labels that are new.
    labels: Vec<String>,
}

/// What the literals of a list stand for.
pub(super) fn labels(list: &str) -> Vec<String> {
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
