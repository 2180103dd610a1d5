//! One spelling for expressions of SQLite that differ in nothing that matters.

use super::{Brackets, Token, TokenKind, tokens, without_parentheses};
use crate::dialect::identifier;

/// An expression of SQLite in the one spelling that all of its spellings share: without what
/// surrounds it, comments, needless quotes, and with the same spaces.
///
/// ```
/// use dataflow_core::dialect::token::canonical;
///
/// assert_eq!(canonical("( \"price\">0 )"), "price > 0");
/// ```
pub fn canonical(expression: &str) -> String {
    canonical_tokens(&tokens(expression, Brackets::Name))
}

/// As [`canonical`], of words.
pub fn canonical_tokens(tokens: &[Token]) -> String {
    let mut sql = String::new();
    let mut before: Option<&Token> = None;
    for token in without_parentheses(tokens) {
        if before.is_some_and(|before| !stands_close(before, token)) {
            sql.push(' ');
        }
        sql.push_str(&spelling(token));
        before = Some(token);
    }
    sql
}

/// SQLite quotes a name when it renames a column inside an expression, and tells names and keywords
/// apart by no case.
fn spelling(token: &Token) -> String {
    match token.kind {
        TokenKind::Word => token.text.to_ascii_lowercase(),
        TokenKind::Quoted => {
            let name = token.name().to_ascii_lowercase();
            let is_plain = name
                .starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
                && name
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            if is_plain && !RESERVED.contains(&&*name) {
                name
            } else {
                identifier(&name)
            }
        }
        TokenKind::Literal | TokenKind::Mark => token.text.to_owned(),
    }
}

fn stands_close(before: &Token, token: &Token) -> bool {
    let is_call = token.is_mark("(") && before.kind == TokenKind::Word;
    is_call
        || before.is_mark("(")
        || before.is_mark(".")
        || token.is_mark(")")
        || token.is_mark(",")
        || token.is_mark(".")
}

/// The keywords that are no names without quotes: <https://sqlite.org/lang_keywords.html>.
const RESERVED: &[&str] = &[
    "add",
    "all",
    "alter",
    "and",
    "as",
    "autoincrement",
    "between",
    "case",
    "check",
    "collate",
    "commit",
    "constraint",
    "create",
    "current_date",
    "current_time",
    "current_timestamp",
    "default",
    "deferrable",
    "delete",
    "distinct",
    "drop",
    "else",
    "escape",
    "except",
    "exists",
    "false",
    "foreign",
    "from",
    "group",
    "having",
    "in",
    "index",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "limit",
    "not",
    "nothing",
    "notnull",
    "null",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "returning",
    "select",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "true",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_has_one_spelling() {
        let cases = [
            ("price > 0", "price > 0"),
            ("( ( PRICE>0 ) )", "price > 0"),
            ("(a) > (b)", "(a) > (b)"),
            ("lower ( \"email\" ) /* x */ -- y", "lower(email)"),
            ("\"order\" > 1.5e-3+2", "\"order\" > 1.5e-3 + 2"),
            ("X'00' = a", "X'00' = a"),
            ("[Größe]<>`a b`", "\"größe\" <> \"a b\""),
            ("x IN('A''(', \"b\"\"c\")", "x in('A''(', \"b\"\"c\")"),
            ("json->>'$.A' IS NOT NULL", "json ->> '$.A' is not null"),
        ];
        for (written, expected) in cases {
            assert_eq!(canonical(written), expected, "{written}");
            assert_eq!(canonical(expected), expected);
        }
    }
}
