//! Texts in a file of Rust, laid out as rustfmt would.

use unicode_width::UnicodeWidthStr;

/// The longest list of words that rustfmt leaves in one line.
const WIDTH: usize = 70;

/// A word of `#[model(…)]`.
pub(super) enum Word {
    /// One that stands in a line.
    Plain(String),
    /// One with a list, which can have lines of its own.
    List(&'static str, Vec<String>),
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl Word {
    /// The word in one line.
    fn in_line(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::List(name, parts) => format!("{name}({})", parts.join(", ")),
        }
    }

    /// The word in one line, or with a line for each of its parts where that is too long.
    fn lines(&self, indent: &str) -> String {
        match self {
            Self::List(name, parts) if !fits(&parts.join(", ")) => {
                format!("{indent}{name}({}{indent})", each_in_a_line(parts, indent))
            }
            _ => format!("{indent}{}", self.in_line()),
        }
    }
}

/// `#[model(…)]` in one line, or with a line for each word where that is too long.
pub(super) fn attribute(words: &[Word], indent: &str) -> String {
    let in_line: Vec<String> = words.iter().map(Word::in_line).collect();
    let line = in_line.join(", ");
    match words {
        [] => String::new(),
        _ if fits(&line) => format!("{indent}#[model({line})]\n"),
        // Of a list that stands alone, only the parts are measured.
        [Word::List(_, parts)] if fits(&parts.join(", ")) => format!("{indent}#[model({line})]\n"),
        [Word::List(name, parts)] => format!(
            "{indent}#[model({name}({}{indent}))]\n",
            each_in_a_line(parts, indent)
        ),
        _ => {
            let inner = format!("{indent}    ");
            let lines: Vec<String> = words.iter().map(|word| word.lines(&inner)).collect();
            format!("{indent}#[model(\n{}\n{indent})]\n", lines.join(",\n"))
        }
    }
}

fn each_in_a_line(parts: &[String], indent: &str) -> String {
    let lines = parts.iter().map(|part| format!("{indent}    {part}"));
    let lines: Vec<String> = lines.collect();
    format!("\n{}\n", lines.join(",\n"))
}

fn fits(line: &str) -> bool {
    width(line) <= WIDTH
}

/// How much of a line a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text as a literal of Rust; SQL is full of quotes, and stays readable between `r#"` and `"#`.
pub(super) fn literal(text: &str) -> String {
    if text.chars().any(is_unseen) {
        return format!("{text:?}");
    }
    if !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    let hashes = (1..)
        .map(|count| "#".repeat(count))
        .find(|hashes| !text.contains(&format!("\"{hashes}")))
        .expect("a text holds no endless row of hashes");
    format!("r{hashes}\"{text}\"{hashes}")
}

/// A text in one line of a comment, with nothing in it that is not seen.
pub(in crate::models) fn of_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        match is_unseen(letter) {
            true => line.extend(letter.escape_debug()),
            false => line.push(letter),
        }
    }
    line
}

/// Whether a letter is written as an escape: one that is not seen, or seen as something else.
fn is_unseen(letter: char) -> bool {
    !matches!(letter, '"' | '\'' | '\\') && letter.escape_debug().count() > 1
}

/// What is said about a table.
pub(super) fn comment(text: &str) -> Word {
    format!("comment = {}", literal(text)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_the_text_and_no_more_than_is_seen() {
        let cases = [
            ("plain größe", r#""plain größe""#),
            ("it's", r#""it's""#),
            (r#"a "b" c"#, r##"r#"a "b" c"#"##),
            (r"a\b", r##"r#"a\b"#"##),
            (r##"a"#b"##, r###"r##"a"#b"##"###),
            ("a\tb\nc", r#""a\tb\nc""#),
            ("a\u{202e}b", r#""a\u{202e}b""#),
        ];
        for (text, expected) in cases {
            assert_eq!(literal(text), expected);
        }
        assert_eq!(of_one_line("a\nb \"c\"\u{202e}"), "a\\nb \"c\"\\u{202e}");
    }

    #[test]
    fn what_is_too_long_for_a_line_has_several() {
        let long = || "x".repeat(WIDTH - 5);
        let list = || Word::List("check", vec![long(), "name".to_owned()]);
        let plain = |text: &str| Word::from(text.to_owned());
        assert_eq!(attribute(&[plain("a"), plain("b")], ""), "#[model(a, b)]\n");
        let short = Word::List("check", vec!["x".repeat(WIDTH)]);
        assert_eq!(
            attribute(&[short], ""),
            format!("#[model(check({}))]\n", "x".repeat(WIDTH))
        );
        assert_eq!(
            attribute(&[list()], ""),
            format!("#[model(check(\n    {},\n    name\n))]\n", long())
        );
        assert_eq!(
            attribute(&[plain("a"), list()], ""),
            format!(
                "#[model(\n    a,\n    check(\n        {},\n        name\n    )\n)]\n",
                long()
            )
        );
    }
}
