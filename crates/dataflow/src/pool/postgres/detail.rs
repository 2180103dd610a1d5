//! The names in an error's DETAIL. The values beside them are never looked at.
//!
//! Its words may be in any language, its form is always `Key (column, …)=(value, …) … "table"`.

/// The columns of the key. An index over expressions has none.
pub(super) fn columns(detail: &str) -> Vec<String> {
    let key = detail
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(")=("))
        .map_or("", |(key, _)| key);
    let columns: Option<Vec<String>> = key.split(", ").map(column).collect();
    columns.unwrap_or_default()
}

/// A column as PostgreSQL quotes it: only where it must.
fn column(text: &str) -> Option<String> {
    match text.strip_prefix('"') {
        Some(rest) => Some(rest.strip_suffix('"')?.replace("\"\"", "\"")),
        None if text.is_empty() || text.contains(['(', ' ']) => None,
        None => Some(text.to_owned()),
    }
}

/// The table that a foreign key's error names last.
pub(super) fn table(detail: &str) -> Option<&str> {
    let (before, _) = detail.rsplit_once('"')?;
    let (_, table) = before.rsplit_once('"')?;
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_key_are_found_and_its_values_are_not() {
        let cases: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("Key (email)=(a (b)=(c)) already exists.", &["email"]),
            (
                "Key (\"order\", \"Größe \"\"x\", b)=(1, 2, 3) already exists.",
                &["order", "Größe \"x", "b"],
            ),
            ("Key (lower(email))=(a) already exists.", &[]),
            ("Schlüssel »(email)=(a)« existiert bereits.", &["email"]),
            (
                "Key (parent)=(7) is not present in table \"p\".",
                &["parent"],
            ),
        ];
        for (detail, expected) in cases {
            assert_eq!(columns(detail), expected, "{detail}");
        }
    }

    #[test]
    fn the_table_of_a_foreign_key_is_named_last() {
        let cases = [
            ("", None),
            (
                "Key (a)=(7) is not present in table \"parents\".",
                Some("parents"),
            ),
            (
                "Key (a)=(\"x\") is still referenced from table \"b\".",
                Some("b"),
            ),
        ];
        for (detail, expected) in cases {
            assert_eq!(table(detail), expected, "{detail}");
        }
    }
}
