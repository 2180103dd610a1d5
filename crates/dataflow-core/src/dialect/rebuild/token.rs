//! The words and marks of a statement as SQLite keeps it, as far as they have to be told apart.

/// One word or mark, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// How many brackets are open around it; a bracket belongs inside.
    pub(super) depth: usize,
}

impl<'a> Token<'a> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is a keyword, and not a name that is spelled like one in quotes.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.text.eq_ignore_ascii_case(keyword)
    }

    /// The name that it stands for.
    pub(super) fn name(&self) -> String {
        let text = self.text;
        let inner = || &text[1..text.len() - 1];
        match text.chars().next() {
            Some(quote @ ('"' | '`')) => {
                inner().replace(&format!("{quote}{quote}"), &quote.to_string())
            }
            Some('[') => inner().to_owned(),
            _ => text.to_owned(),
        }
    }
}

/// The tokens of a statement, without spaces and comments; none when a quote or a bracket is left
/// open.
pub(super) fn tokens(sql: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    while let Some(first) = sql[start..].chars().next() {
        let rest = &sql[start..];
        let length = match first {
            space if space.is_whitespace() => {
                start += space.len_utf8();
                continue;
            }
            '-' if rest.starts_with("--") => {
                start += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with("/*") => {
                start += rest.find("*/")? + 2;
                continue;
            }
            quote @ ('"' | '`' | '\'') => quoted_length(rest, quote)?,
            '[' => rest.find(']')? + 1,
            letter if is_wordy(letter) => rest.find(|next| !is_wordy(next)).unwrap_or(rest.len()),
            mark => mark.len_utf8(),
        };
        if first == '(' {
            depth += 1;
        }
        let text = &rest[..length];
        tokens.push(Token { text, start, depth });
        if first == ')' {
            depth = depth.checked_sub(1)?;
        }
        start += length;
    }
    (depth == 0).then_some(tokens)
}

fn is_wordy(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$')
}

/// A quote inside is written twice.
fn quoted_length(rest: &str, quote: char) -> Option<usize> {
    let mut from = 1;
    loop {
        let end = from + rest[from..].find(quote)? + 1;
        if !rest[end..].starts_with(quote) {
            return Some(end);
        }
        from = end + 1;
    }
}
