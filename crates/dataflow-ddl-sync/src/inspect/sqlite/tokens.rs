//! The words of a statement that SQLite keeps as it was written, and one spelling for statements
//! that differ in nothing that matters.

/// One word of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    /// The text as it was written.
    pub(super) text: &'a str,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or keyword without quotes, or a number.
    Word,
    /// A name in quotes, backticks or brackets.
    Quoted,
    /// A text in apostrophes.
    Literal,
    /// An operator or mark; each is one character but for those of two.
    Mark,
}

impl Token<'_> {
    /// Whether it is a keyword, whatever its case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is a mark.
    pub(super) fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// The name that it stands for, without quotes.
    pub(super) fn name(&self) -> String {
        let mut inner = self.text.chars();
        let quote = inner.next();
        inner.next_back();
        match (self.kind, quote) {
            (TokenKind::Quoted, Some('[')) => inner.as_str().to_owned(),
            (TokenKind::Quoted | TokenKind::Literal, Some(quote)) => {
                let doubled = [quote, quote].iter().collect::<String>();
                inner.as_str().replace(&doubled, &quote.to_string())
            }
            _ => self.text.to_owned(),
        }
    }
}

/// The words of a statement, without its comments.
pub(super) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            _ if first.is_whitespace() => (None, first.len_utf8()),
            '-' if rest.starts_with("--") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => {
                let end = rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
                (None, end)
            }
            '\'' => (Some(TokenKind::Literal), quoted(rest, '\'')),
            'x' | 'X' if rest[1..].starts_with('\'') => {
                (Some(TokenKind::Literal), 1 + quoted(&rest[1..], '\''))
            }
            '"' | '`' => (Some(TokenKind::Quoted), quoted(rest, first)),
            '[' => {
                let end = rest.find(']').map_or(rest.len(), |end| end + 1);
                (Some(TokenKind::Quoted), end)
            }
            _ if first.is_ascii_digit() => (Some(TokenKind::Word), number(rest)),
            _ if is_word(first) => {
                let end = rest.find(|letter: char| !is_word(letter) && !letter.is_ascii_digit());
                (Some(TokenKind::Word), end.unwrap_or(rest.len()))
            }
            _ => {
                let pairs = ["<=", ">=", "<>", "!=", "==", "||", "<<", ">>", "->"];
                let is_pair = pairs.iter().any(|pair| rest.starts_with(pair));
                let length = if rest.starts_with("->>") { 3 } else { 2 };
                let length = if is_pair { length } else { first.len_utf8() };
                (Some(TokenKind::Mark), length)
            }
        };
        let (text, after) = rest.split_at(length);
        tokens.extend(kind.map(|kind| Token { kind, text }));
        rest = after;
    }
    tokens
}

/// An expression in the one spelling that all of its spellings share: without what surrounds it,
/// comments, needless quotes, and with the same spaces.
pub(super) fn canonical(expression: &str) -> String {
    canonical_tokens(&tokens(expression))
}

/// As [`canonical`], of words.
pub(super) fn canonical_tokens(tokens: &[Token]) -> String {
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

/// The words inside the parentheses that surround all of them.
pub(super) fn without_parentheses<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    match tokens {
        [first, .., _] if first.is_mark("(") && group_end(tokens) == Some(tokens.len() - 1) => {
            without_parentheses(&tokens[1..tokens.len() - 1])
        }
        _ => tokens,
    }
}

/// Where the parenthesis that the words begin with is closed.
pub(super) fn group_end(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    for (position, token) in tokens.iter().enumerate() {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(position);
            }
        }
    }
    None
}

/// The lists of words between the commas that stand in no parentheses.
pub(super) fn items<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut items = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (position, token) in tokens.iter().enumerate() {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.saturating_sub(1);
        } else if token.is_mark(",") && depth == 0 {
            items.push(&tokens[start..position]);
            start = position + 1;
        }
    }
    items.push(&tokens[start..]);
    items
}

fn is_word(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_' || letter == '$' || !letter.is_ascii()
}

/// How far a number goes, with its fraction and exponent.
fn number(rest: &str) -> usize {
    let mut before = ' ';
    let is_decimal = !rest.starts_with("0x") && !rest.starts_with("0X");
    let end = rest.find(|letter: char| {
        let is_sign = matches!(letter, '+' | '-') && matches!(before, 'e' | 'E') && is_decimal;
        before = letter;
        !(letter.is_ascii_alphanumeric() || letter == '.' || is_sign)
    });
    end.unwrap_or(rest.len())
}

/// How far a text goes whose quotes are doubled inside it.
fn quoted(rest: &str, quote: char) -> usize {
    let mut inside = rest[1..].char_indices().peekable();
    while let Some((position, letter)) = inside.next() {
        if letter == quote && inside.next_if(|(_, next)| *next == quote).is_none() {
            return position + 2;
        }
    }
    rest.len()
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
                dataflow_core::dialect::identifier(&name)
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

    #[test]
    fn words_that_end_too_early_are_no_reason_to_stop() {
        for cut in ["'a", "\"a", "[a", "/* a", "-- a", "(", ")", "a,", "(a"] {
            assert!(
                !tokens(cut).is_empty() || cut.starts_with(['/', '-']),
                "{cut}"
            );
            let _ = canonical(cut);
            let _ = items(&tokens(cut));
        }
        assert_eq!(
            Token {
                kind: TokenKind::Word,
                text: "a"
            }
            .name(),
            "a"
        );
    }
}
