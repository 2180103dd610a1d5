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
    fn names_are_found_and_values_are_not() {
        let cases: [(&str, &[&str], Option<&str>); 7] = [
            ("", &[], None),
            ("Key (email)=(a (b)=(c)) already exists.", &["email"], None),
            (
                "Key (\"order\", \"Größe \"\"x\", b)=(1, 2, 3) already exists.",
                &["order", "Größe \"x", "b"],
                None,
            ),
            ("Key (lower(email))=(a) already exists.", &[], None),
            (
                "Schlüssel »(email)=(a)« existiert bereits.",
                &["email"],
                None,
            ),
            (
                "Key (parent)=(7) is not present in table \"parents\".",
                &["parent"],
                Some("parents"),
            ),
            (
                "Key (id)=(\"x\") is still referenced from table \"children\".",
                &["id"],
                Some("children"),
            ),
        ];
        for (detail, names, referrer) in cases {
            assert_eq!(columns(detail), names, "{detail}");
            assert_eq!(table(detail), referrer, "{detail}");
        }
    }
}
