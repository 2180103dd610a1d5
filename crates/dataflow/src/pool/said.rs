//! What a database says about the text of a statement.

/// Its message without what stands in the text as a value, and where it points.
pub(super) fn said(message: &str, place: Option<String>) -> String {
    let message = without_literals(message);
    match place {
        Some(place) => format!("{message} (at {place})"),
        None => message,
    }
}

/// A message quotes names in double quotes, and a piece of the statement where it could not go on.
fn without_literals(message: &str) -> String {
    let mut pieces = message.split('\'');
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    while pieces.next().is_some() {
        kept.push_str("'…'");
        kept.push_str(pieces.next().unwrap_or_default());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn a_literal_is_left_out_of_what_is_said() {
        let cases = [
            (
                r#"syntax error at or near "SELCT""#,
                r#"syntax error at or near "SELCT""#,
            ),
            (
                r#"syntax error at or near "'ann'""#,
                r#"syntax error at or near "'…'""#,
            ),
            (
                r#"unrecognized token: "'ann"#,
                r#"unrecognized token: "'…'"#,
            ),
            (
                "operator does not exist: 'a' = 'b' there",
                "operator does not exist: '…' = '…' there",
            ),
            ("", ""),
        ];
        for (message, kept) in cases {
            assert_eq!(said(message, None), kept);
        }
        let placed = said("incomplete input", Some("byte 7".to_owned()));
        assert_eq!(placed, "incomplete input (at byte 7)");
    }
}
