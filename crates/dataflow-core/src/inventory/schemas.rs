//! Which schemas of a database are meant.

use std::fmt;

/// Which schemas of a database are meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Schemas {
    /// The one that new tables are made in. Its name does not matter, and nothing says it.
    #[default]
    Current,
    /// The one of this name, in the words that would be used if it were the current one.
    One(String),
    /// Those of these names, as far as they exist. Everything in them is named with its schema, and
    /// they are things themselves.
    Named(Vec<String>),
    /// All that somebody made, in the same words.
    All,
}

impl Schemas {
    /// Their names, where several may be named.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Current | Self::One(_) | Self::All => &[],
            Self::Named(names) => names,
        }
    }

    /// The name of the one, where it is asked for by name.
    pub fn one(&self) -> Option<&str> {
        match self {
            Self::One(name) => Some(name),
            Self::Current | Self::Named(_) | Self::All => None,
        }
    }
}

/// Their names, quoted.
impl fmt::Display for Schemas {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.one().into_iter();
        let names = names.chain(self.names().iter().map(String::as_str));
        let names: Vec<String> = names.map(|name| format!("{name:?}")).collect();
        formatter.write_str(&names.join(", "))
    }
}
