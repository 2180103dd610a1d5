//! The words of `#[model(…)]`: where each may stand, and how it is written.

/// One word and how it is written.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    /// The word as a user would write it, for messages.
    pub(crate) example: &'static str,
}

/// What follows a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing: `unique`.
    Flag,
    /// One value: `column = "…"`.
    Value,
    /// Field names, as often as wanted: `index(a, b)`.
    List,
}

const CRATE: Word = word("crate", Form::Value, r#"crate = "my_face::dataflow""#);

/// On a struct that derives `Model`.
pub(crate) const MODEL: &[Word] = &[
    word("table", Form::Value, r#"table = "people""#),
    word("index", Form::List, "index(last_name, first_name)"),
    word("unique", Form::List, "unique(tenant, email)"),
    CRATE,
];

/// On a field of a model.
pub(crate) const FIELD: &[Word] = &[
    word("primary_key", Form::Flag, "primary_key"),
    word("generate", Form::Value, r#"generate = "uuid_v7""#),
    word("client_key", Form::Flag, "client_key"),
    word("unique", Form::Flag, "unique"),
    word("index", Form::Flag, "index"),
    word("default", Form::Value, "default = 0"),
    word("column", Form::Value, r#"column = "e_mail""#),
    word("created_at", Form::Flag, "created_at"),
    word("updated_at", Form::Flag, "updated_at"),
    word("belongs_to", Form::Value, "belongs_to = User"),
];

/// On an enum that derives `ModelEnum`.
pub(crate) const ENUM: &[Word] = &[CRATE];

/// On a variant of such an enum.
pub(crate) const VARIANT: &[Word] = &[word("rename", Form::Value, r#"rename = "in-progress""#)];

/// The words of `generate = "…"`.
pub(crate) const GENERATORS: &[&str] = &["serial", "uuid_v7", "none"];

const fn word(name: &'static str, form: Form, example: &'static str) -> Word {
    Word {
        name,
        form,
        example,
    }
}

/// What to write instead of an unknown word: the nearest known one, or all of them.
pub(crate) fn advice(unknown: &str, known: impl Iterator<Item = &'static str> + Clone) -> String {
    let distance = |word: &str| strsim::damerau_levenshtein(&unknown.to_lowercase(), word);
    let is_near = |word: &&str| distance(word) <= 1 + word.len() / 4 || word.starts_with(unknown);
    match known
        .clone()
        .filter(is_near)
        .min_by_key(|word| distance(word))
    {
        Some(word) => format!("did you mean `{word}`?"),
        None => {
            let all: Vec<String> = known.map(|word| format!("`{word}`")).collect();
            format!("known here: {}", all.join(", "))
        }
    }
}
