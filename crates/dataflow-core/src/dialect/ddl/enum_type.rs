//! The statements about types of named values.

use crate::dialect::literal;
use crate::snapshot::EnumType;

/// The statement that makes a type.
pub fn create(enum_type: &EnumType) -> String {
    let labels: Vec<String> = enum_type
        .labels
        .iter()
        .map(|label| literal(label))
        .collect();
    format!(
        "CREATE TYPE {} AS ENUM ({})",
        enum_type.column_type(),
        labels.join(", ")
    )
}

/// The statements that give a type, which is quoted, the labels it lacks, each behind the one that it follows.
pub(crate) fn add_labels(name: &str, found: &[String], wanted: &[String]) -> Vec<String> {
    let missing = wanted
        .iter()
        .enumerate()
        .filter(|(_, label)| !found.contains(label));
    let add = missing.map(|(at, label)| {
        let place = match (at.checked_sub(1), found.first()) {
            (Some(former), _) => format!(" AFTER {}", literal(&wanted[former])),
            (None, Some(first)) => format!(" BEFORE {}", literal(first)),
            (None, None) => String::new(),
        };
        let label = literal(label);
        format!("ALTER TYPE {name} ADD VALUE {label}{place}")
    });
    add.collect()
}

/// Whether all labels of a type are among those wanted, in the same order.
pub(crate) fn are_kept(found: &[String], wanted: &[String]) -> bool {
    let mut kept = wanted.iter().filter(|label| found.contains(label));
    found.iter().all(|label| kept.next() == Some(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<String> {
        text.split_whitespace().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn a_label_is_added_where_it_stands() {
        let cases: [(&str, &str, &[&str]); 5] = [
            ("a b", "a b", &[]),
            ("a b", "a b c", &["'c' AFTER 'b'"]),
            ("a b", "x a b", &["'x' BEFORE 'a'"]),
            (
                "a b",
                "x y a m b",
                &["'x' BEFORE 'a'", "'y' AFTER 'x'", "'m' AFTER 'a'"],
            ),
            ("", "it's b", &["'it''s'", "'b' AFTER 'it''s'"]),
        ];
        for (found, wanted, expected) in cases {
            let expected: Vec<String> = expected
                .iter()
                .map(|what| format!("ALTER TYPE \"mood\" ADD VALUE {what}"))
                .collect();
            let added = add_labels("\"mood\"", &labels(found), &labels(wanted));
            assert_eq!(added, expected, "{found} to {wanted}");
        }
    }

    #[test]
    fn labels_are_kept_that_are_neither_gone_nor_moved() {
        let cases = [
            ("a b", "a b", true),
            ("a b", "x a y b z", true),
            ("a b", "b a", false),
            ("a b", "a", false),
            ("", "a", true),
        ];
        for (found, wanted, expected) in cases {
            assert_eq!(
                are_kept(&labels(found), &labels(wanted)),
                expected,
                "{found} to {wanted}"
            );
        }
    }
}
