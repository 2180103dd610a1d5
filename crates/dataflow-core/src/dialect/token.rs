//! The words of a statement, as a person wrote it or a database keeps it.

mod canonical;
mod mention;

pub use canonical::{canonical, canonical_tokens};
pub(crate) use mention::{mention, mentions, with_names};

/// One word or mark of a statement, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// The text as it was written.
    pub text: &'a str,
    /// Where it begins.
    pub start: usize,
    /// How many parentheses are open around it; a parenthesis belongs inside.
    pub depth: usize,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A name or keyword without quotes, or a number.
    Word,
    /// A name in quotes, backticks or brackets.
    Quoted,
    /// A text in apostrophes.
    Literal,
    /// An operator or mark; each is one character but for those of two or three.
    Mark,
}

/// What brackets mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brackets {
    /// A name stands in them, as SQLite lets it.
    Name,
    /// A position stands in them, as in PostgreSQL.
    Position,
}

impl Token<'_> {
    /// Where it ends.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is a keyword, whatever its case, and not a name that is spelled like one in
    /// quotes.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is a mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// The name that it stands for, without quotes.
    pub fn name(&self) -> String {
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

/// The words of a statement, without its comments. One that ends too early has the words that it
/// has.
pub fn tokens(sql: &str, brackets: Brackets) -> Vec<Token<'_>> {
    scanned(sql, brackets).0
}

/// The words of a statement of SQLite; none when a quote, a comment or a parenthesis is left open.
pub(super) fn whole(sql: &str) -> Option<Vec<Token<'_>>> {
    let (tokens, is_whole) = scanned(sql, Brackets::Name);
    is_whole.then_some(tokens)
}

/// The words, and whether everything that is opened is closed.
fn scanned(sql: &str, brackets: Brackets) -> (Vec<Token<'_>>, bool) {
    let (mut tokens, mut is_whole) = (Vec::new(), true);
    let (mut start, mut depth) = (0, 0_usize);
    while let Some(first) = sql[start..].chars().next() {
        let rest = &sql[start..];
        let (kind, length) = match first {
            _ if first.is_whitespace() => (None, Some(first.len_utf8())),
            '-' if rest.starts_with("--") => (None, Some(rest.find('\n').unwrap_or(rest.len()))),
            '/' if rest.starts_with("/*") => (None, rest[2..].find("*/").map(|end| end + 4)),
            '\'' => (Some(TokenKind::Literal), quoted(rest, '\'')),
            'x' | 'X' if rest[1..].starts_with('\'') => {
                let literal = quoted(&rest[1..], '\'').map(|length| length + 1);
                (Some(TokenKind::Literal), literal)
            }
            '"' | '`' => (Some(TokenKind::Quoted), quoted(rest, first)),
            '[' if brackets == Brackets::Name => {
                (Some(TokenKind::Quoted), rest.find(']').map(|end| end + 1))
            }
            _ if first.is_ascii_digit() => (Some(TokenKind::Word), Some(number(rest))),
            _ if is_word(first) => {
                let end = rest.find(|letter: char| !is_word(letter) && !letter.is_ascii_digit());
                (Some(TokenKind::Word), Some(end.unwrap_or(rest.len())))
            }
            _ => (Some(TokenKind::Mark), Some(mark(rest, first))),
        };
        is_whole &= length.is_some();
        let text = &rest[..length.unwrap_or(rest.len())];
        depth += usize::from(text == "(");
        tokens.extend(kind.map(|kind| Token {
            kind,
            text,
            start,
            depth,
        }));
        if text == ")" {
            is_whole &= depth > 0;
            depth = depth.saturating_sub(1);
        }
        start += text.len();
    }
    (tokens, is_whole && depth == 0)
}

/// How long an operator is.
fn mark(rest: &str, first: char) -> usize {
    let longer = [
        "->>", "<=", ">=", "<>", "!=", "==", "||", "<<", ">>", "->", "::",
    ];
    let known = longer.iter().find(|mark| rest.starts_with(**mark));
    known.map_or(first.len_utf8(), |mark| mark.len())
}

/// The words inside the parentheses that surround all of them.
pub fn without_parentheses<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    match tokens {
        [first, .., _] if first.is_mark("(") && group_end(tokens) == Some(tokens.len() - 1) => {
            without_parentheses(&tokens[1..tokens.len() - 1])
        }
        _ => tokens,
    }
}

/// Where the parenthesis that the words begin with is closed.
pub fn group_end(tokens: &[Token]) -> Option<usize> {
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
pub fn items<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
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

/// How far a text goes whose quotes are doubled inside it; none when it does not end.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut inside = rest[1..].char_indices().peekable();
    while let Some((position, letter)) = inside.next() {
        if letter == quote && inside.next_if(|(_, next)| *next == quote).is_none() {
            return Some(position + 2);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_end_too_early_are_no_reason_to_stop() {
        for cut in ["'a", "\"a", "[a", "/* a", "-- a", "(", ")", "a,", "(a"] {
            assert!(
                !tokens(cut, Brackets::Name).is_empty() || cut.starts_with(['/', '-']),
                "{cut}"
            );
            let _ = canonical(cut);
            let _ = items(&tokens(cut, Brackets::Name));
        }
        for open in ["'a", "\"a", "[a", "/* a", "(", ")", "(a", "')' ("] {
            assert!(whole(open).is_none(), "{open}");
        }
        assert!(whole("a -- (").is_some());
    }

    #[test]
    fn a_position_in_brackets_is_no_name() {
        let texts = |brackets| {
            let tokens = tokens("tags[1]::text", brackets);
            let texts = tokens.into_iter().map(|token| token.text);
            texts.collect::<Vec<_>>()
        };
        assert_eq!(
            texts(Brackets::Position),
            ["tags", "[", "1", "]", "::", "text"]
        );
        assert_eq!(texts(Brackets::Name), ["tags", "[1]", "::", "text"]);
    }
}
