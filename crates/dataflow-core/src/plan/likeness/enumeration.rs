//! Types of named values.

use super::{Likeness, Rank};
use crate::dialect::identifier;
use crate::inventory::Item;
use crate::plan::{Class, Lock, Statement};

impl<'a> Likeness<'a> {
    pub(super) fn make_enum(&mut self, item: &'a Item) {
        let sql = format!(
            "CREATE TYPE {} AS ENUM ({})",
            identifier(&item.name),
            item.sql
        );
        self.simple(Rank::Type, item, "create", sql);
    }

    /// Values can be added anywhere; none can be removed or moved.
    pub(super) fn change_enum(&mut self, found: &'a Item, wanted: &'a Item) {
        let (before, after) = (values(&found.sql), values(&wanted.sql));
        let mut kept = after.iter().filter(|value| before.contains(value));
        let is_in_order = before.iter().all(|value| kept.next() == Some(value));
        if !is_in_order {
            return self.refuse(
                wanted,
                "lost or moved values on the way to the target",
                "change",
            );
        }
        let name = identifier(&wanted.name);
        let mut statements = Vec::new();
        for (at, value) in after.iter().enumerate() {
            if before.contains(value) {
                continue;
            }
            let place = match at.checked_sub(1) {
                Some(previous) => format!("AFTER {}", after[previous]),
                None => format!("BEFORE {}", before.first().map_or("", String::as_str)),
            };
            let place = if before.is_empty() { "" } else { &place };
            let sql = format!("ALTER TYPE {name} ADD VALUE {value} {place}");
            statements.push(Statement::together(sql.trim_end().to_owned()));
        }
        let mut step = self.step(wanted, "extend", Class::Safe, Lock::Nobody, String::new());
        step.statements = statements;
        self.place(Rank::Type, wanted, step);
    }
}

/// The literals of a list, each with its quotes.
fn values(list: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut is_inside = false;
    for letter in list.chars() {
        match letter {
            '\'' => is_inside = !is_inside,
            ',' if !is_inside => {
                values.push(String::new());
                continue;
            }
            ' ' if !is_inside => continue,
            _ => {}
        }
        values.last_mut().expect("there is one").push(letter);
    }
    values.retain(|value| !value.is_empty());
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_literals_is_taken_apart() {
        let cases: [(&str, &[&str]); 3] = [
            ("", &[]),
            ("'a', 'b'", &["'a'", "'b'"]),
            ("'it''s, so', ' '", &["'it''s, so'", "' '"]),
        ];
        for (list, expected) in cases {
            assert_eq!(values(list), expected, "{list}");
        }
    }
}
