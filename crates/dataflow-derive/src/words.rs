//! The words of `#[model(…)]`: where each may stand, and how it is written. The table in the crate's
//! documentation says what they mean.

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
    /// A list of what the word is about, as often as wanted: `index(a, b)`.
    List,
}

/// Where `#[model(…)]` may stand.
pub(crate) struct Place {
    /// The place in words, for messages.
    pub(crate) name: &'static str,
    pub(crate) words: &'static [Word],
}

const CHECK: &str = r#"check("price > 0")"#;

const COMMENT: &str = r#"comment = "kept for ten years""#;

const CRATE: Word = word("crate", Form::Value, r#"crate = "my_face::dataflow""#);

/// On a struct that derives `Model`.
pub(crate) const MODEL: Place = Place {
    name: "the struct",
    words: &[
        word("table", Form::Value, r#"table = "people""#),
        word("schema", Form::Value, r#"schema = "billing""#),
        word("index", Form::List, "index(last_name, first_name)"),
        word("unique", Form::List, "unique(tenant, email)"),
        word("has_many", Form::List, "has_many(posts = Post.author_id)"),
        word("has_one", Form::List, "has_one(profile = Profile.user_id)"),
        word(
            "many_to_many",
            Form::List,
            "many_to_many(tags = Tag, through = PostTag(post_id, tag_id))",
        ),
        word("check", Form::List, CHECK),
        word("append_only", Form::Flag, "append_only"),
        word("audit", Form::Flag, "audit"),
        word("row_level_security", Form::Flag, "row_level_security"),
        word("comment", Form::Value, COMMENT),
        word("without_rowid", Form::Flag, "without_rowid"),
        word("renamed_from", Form::Value, r#"renamed_from = "people""#),
        word("moved_from", Form::Value, r#"moved_from = "public""#),
        word("drop_columns", Form::List, r#"drop_columns("nickname")"#),
        word("drop_indexes", Form::List, r#"drop_indexes("by_age")"#),
        word(
            "drop_constraints",
            Form::List,
            r#"drop_constraints("adult")"#,
        ),
        CRATE,
    ],
};

/// On a field of a model.
pub(crate) const FIELD: Place = Place {
    name: "a field",
    words: &[
        word("primary_key", Form::Flag, "primary_key"),
        word("generate", Form::Value, r#"generate = "uuid_v7""#),
        word("client_key", Form::Flag, "client_key"),
        word("unique", Form::Flag, "unique"),
        word("index", Form::Flag, "index"),
        word("default", Form::Value, "default = 0"),
        word("column", Form::Value, r#"column = "e_mail""#),
        word("created_at", Form::Flag, "created_at"),
        word("updated_at", Form::Flag, "updated_at"),
        word("version", Form::Flag, "version"),
        word("soft_delete", Form::Flag, "soft_delete"),
        word("tenant", Form::Flag, "tenant"),
        word("default_sql", Form::Value, r#"default_sql = "now()""#),
        word("generated", Form::Value, r#"generated = "price * amount""#),
        word("virtual", Form::Flag, "virtual"),
        word("max_length", Form::Value, "max_length = 200"),
        word("min_length", Form::Value, "min_length = 2"),
        word("min", Form::Value, "min = 0"),
        word("max", Form::Value, "max = 150"),
        word("pattern", Form::Value, r#"pattern = "^[a-z]+$""#),
        word("email", Form::Flag, "email"),
        word("url", Form::Flag, "url"),
        word("validate", Form::Value, "validate = crate::is_even"),
        word("precision", Form::Value, "precision = 10"),
        word("scale", Form::Value, "scale = 2"),
        word("adopts", Form::Value, r#"adopts = "DATETIME""#),
        word("collation", Form::Value, r#"collation = "NOCASE""#),
        word("check", Form::List, CHECK),
        word("read_only", Form::Flag, "read_only"),
        word("write_only", Form::Flag, "write_only"),
        word("sensitive", Form::Flag, "sensitive"),
        word("belongs_to", Form::Value, "belongs_to = User"),
        word("relation", Form::Value, r#"relation = "author""#),
        word("on_delete", Form::Value, r#"on_delete = "cascade""#),
        word("on_update", Form::Value, r#"on_update = "cascade""#),
        word("deferred", Form::Flag, "deferred"),
        word("comment", Form::Value, COMMENT),
        word("renamed_from", Form::Value, r#"renamed_from = "mail""#),
    ],
};

/// On an enum that derives `ModelEnum`.
pub(crate) const ENUM: Place = Place {
    name: "the enum",
    words: &[word("type", Form::Value, r#"type = "mood""#), CRATE],
};

/// On a variant of such an enum.
pub(crate) const VARIANT: Place = Place {
    name: "a variant of an enum",
    words: &[word("rename", Form::Value, r#"rename = "in-progress""#)],
};

/// On a struct that derives `FromRow`.
pub(crate) const ROW: Place = Place {
    name: "a struct that derives `FromRow`",
    words: &[word("of", Form::Value, "of = User"), CRATE],
};

/// On a field of such a struct.
pub(crate) const ROW_FIELD: Place = Place {
    name: "a field of a struct that derives `FromRow`",
    words: &[
        word("column", Form::Value, r#"column = "e_mail""#),
        word("field", Form::Value, "field = email"),
    ],
};

/// The words of `on_delete = "…"` and `on_update = "…"`.
pub(crate) const ACTIONS: &[&str] = &[
    "no_action",
    "restrict",
    "cascade",
    "set_null",
    "set_default",
];

/// The words of `generate = "…"`.
pub(crate) const GENERATORS: &[&str] = &["serial", "uuid_v7", "none"];

const fn word(name: &'static str, form: Form, example: &'static str) -> Word {
    Word {
        name,
        form,
        example,
    }
}

impl Place {
    /// The word of a name, if it may stand here.
    pub(crate) fn word(&self, name: &str) -> Option<&'static Word> {
        self.words.iter().find(|word| word.name == name)
    }

    /// What to do about a word that may not stand here.
    pub(crate) fn advice(&self, unknown: &str) -> String {
        let elsewhere = [MODEL, FIELD, ENUM, VARIANT, ROW, ROW_FIELD]
            .into_iter()
            .find(|place| place.word(unknown).is_some());
        match elsewhere {
            Some(place) => format!("it belongs on {}", place.name),
            None => nearest(unknown, self.words.iter().map(|word| word.name)),
        }
    }
}

/// The known word that is nearest to an unknown one, else all of them.
pub(crate) fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let distance = |word: &str| strsim::damerau_levenshtein(&unknown.to_lowercase(), word);
    let is_begun = |word: &str| unknown.len() > 2 && word.starts_with(unknown);
    let is_near = |word: &&str| is_begun(word) || distance(word) <= 1 + word.len() / 4;
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
