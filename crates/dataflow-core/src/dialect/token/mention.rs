//! The columns that an expression speaks of.

use super::{Brackets, Token, TokenKind, tokens};

/// Whether an expression speaks of a column.
pub(crate) fn mentions(expression: &str, column: &str) -> bool {
    mention(expression, column).is_some()
}

/// A column as an expression spells it, where it speaks of it.
pub(crate) fn mention<'e>(expression: &'e str, column: &str) -> Option<&'e str> {
    let tokens = tokens(expression, Brackets::Position);
    let is_it = |at: &usize| {
        stands_for_a_column(&tokens, *at) && tokens[*at].name().eq_ignore_ascii_case(column)
    };
    let position = (0..tokens.len()).find(is_it)?;
    Some(tokens[position].text)
}

/// An expression with other names for columns. What `new_name` gives stands there as it is, so it
/// comes in quotes where it needs them.
pub(crate) fn with_names(expression: &str, new_name: impl Fn(&str) -> Option<String>) -> String {
    let tokens = tokens(expression, Brackets::Position);
    let mut sql = String::with_capacity(expression.len());
    let mut end = 0;
    for (position, token) in tokens.iter().enumerate() {
        if !stands_for_a_column(&tokens, position) {
            continue;
        }
        if let Some(name) = new_name(&token.name()) {
            sql.push_str(&expression[end..token.start]);
            sql.push_str(&name);
            end = token.end();
        }
    }
    sql.push_str(&expression[end..]);
    sql
}

/// Whether a word can be the name of a column: it is neither called like a function, nor a type or
/// the name of a collation, nor something in a schema.
fn stands_for_a_column(tokens: &[Token], position: usize) -> bool {
    let is_name = matches!(tokens[position].kind, TokenKind::Word | TokenKind::Quoted);
    let is_called = tokens
        .get(position + 1)
        .is_some_and(|next| next.is_mark("("));
    let before = position.checked_sub(1).map(|before| &tokens[before]);
    let belongs_to_it =
        before.is_some_and(|before| before.is_mark(".") || before.is("as") || before.is("collate"));
    is_name && !is_called && !belongs_to_it && !is_in_type(&tokens[..position])
}

/// Whether what follows some words goes on with the type that a cast names.
fn is_in_type(before: &[Token]) -> bool {
    const BEGINNINGS: [&str; 7] = [
        "bit",
        "character",
        "double",
        "time",
        "timestamp",
        "with",
        "without",
    ];
    match before {
        [.., last] if last.is_mark("::") => true,
        [rest @ .., last] => BEGINNINGS.iter().any(|word| last.is(word)) && is_in_type(rest),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_get_another_name() {
        let cases = [
            ("(name > 'name'::text)", "(label > 'name'::text)"),
            ("\"Name\" = name", "label = label"),
            ("name(name) || t.name", "name(label) || t.name"),
            ("cast(name as name)", "cast(label as name)"),
            ("x::name = name[1]", "x::name = label[1]"),
            ("(name)::character varying", "(label)::character varying"),
            ("name collate name", "label collate name"),
            ("names = 1", "names = 1"),
        ];
        let new_name = |name: &str| {
            name.eq_ignore_ascii_case("name")
                .then(|| "label".to_owned())
        };
        for (expression, expected) in cases {
            assert_eq!(with_names(expression, new_name), expected);
        }
    }

    #[test]
    fn the_words_of_a_type_are_no_columns() {
        let expression = "(a)::timestamp with time zone > zone";
        let new_name = |name: &str| (name == "zone").then(|| "\"place\"".to_owned());
        assert_eq!(
            with_names(expression, new_name),
            "(a)::timestamp with time zone > \"place\""
        );
        assert!(!mentions("(a)::double precision", "precision"));
        assert_eq!(mention("(\"Größe\" > 1)", "Größe"), Some("\"Größe\""));
    }
}
