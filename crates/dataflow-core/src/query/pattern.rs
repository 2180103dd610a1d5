//! What a text must look like.

/// A pattern over texts, in parts, so that each database is given it in its own spelling and no
/// character of a text is taken for a wildcard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

/// A part of a [`Pattern`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Wild(Wild),
}

/// What stands for characters that are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wild {
    /// Any characters, or none.
    Any,
    /// One character.
    One,
}

/// Whether upper and lower case are told apart. SQLite ignores the case of ASCII letters only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Case {
    /// They are.
    Sensitive,
    /// They are not.
    Insensitive,
}

impl Pattern {
    /// A pattern as SQL writes it: `%` is any characters, `_` is one, and a backslash takes the
    /// meaning from what follows it.
    ///
    /// ```
    /// use dataflow_core::query::Pattern;
    ///
    /// assert_eq!(Pattern::like("a%"), Pattern::starting_with("a"));
    /// assert_eq!(Pattern::like(r"100\%"), Pattern::exactly("100%"));
    /// ```
    pub fn like(pattern: &str) -> Self {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            let wild = match character {
                '\\' => {
                    text.push(characters.next().unwrap_or('\\'));
                    continue;
                }
                '%' => Wild::Any,
                '_' => Wild::One,
                plain => {
                    text.push(plain);
                    continue;
                }
            };
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Wild(wild));
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Self(parts)
    }

    /// Texts that hold a text.
    pub fn containing(text: &str) -> Self {
        Self(vec![
            Part::Wild(Wild::Any),
            Part::Text(text.to_owned()),
            Part::Wild(Wild::Any),
        ])
    }

    /// Texts that begin with a text.
    pub fn starting_with(text: &str) -> Self {
        Self(vec![Part::Text(text.to_owned()), Part::Wild(Wild::Any)])
    }

    /// Texts that end with a text.
    pub fn ending_with(text: &str) -> Self {
        Self(vec![Part::Wild(Wild::Any), Part::Text(text.to_owned())])
    }

    /// The one text.
    pub fn exactly(text: &str) -> Self {
        Self(vec![Part::Text(text.to_owned())])
    }

    /// Writes the pattern: each character of a text, and each wildcard, in a spelling of its own.
    pub(crate) fn spell(
        &self,
        mut character: impl FnMut(&mut String, char),
        wildcard: impl Fn(Wild) -> char,
    ) -> String {
        let mut spelled = String::new();
        for part in &self.0 {
            match part {
                Part::Wild(wild) => spelled.push(wildcard(*wild)),
                Part::Text(text) => text.chars().for_each(|next| character(&mut spelled, next)),
            }
        }
        spelled
    }
}
