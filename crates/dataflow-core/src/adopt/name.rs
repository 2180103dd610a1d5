//! Names of Rust for names of tables, whatever letters those are made of.

use std::collections::HashSet;

use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization;

use crate::schema::TableName;

/// Words that cannot name a field, not even as `r#…`.
const NO_FIELDS: [&str; 3] = ["self", "super", "crate"];

/// Names that mean something else in a file of models.
const NO_TYPES: [&str; 7] = [
    "Self",
    "Model",
    "ModelEnum",
    "Option",
    "SchemaSet",
    "String",
    "Vec",
];

/// The name of the model of a table: `blog_posts` is stored rows of `BlogPost`. Operations are named
/// after it, and those have names in ASCII.
pub(super) fn model(table: &TableName, taken: &mut HashSet<String>) -> String {
    let mut words: Vec<String> = words(&in_ascii(&table.name));
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    let name = type_name(&words, "Table");
    let of_schema = |schema: &str| type_name(&self::words(&in_ascii(schema)), "Schema") + &name;
    match &table.schema {
        Some(schema) if taken.contains(&name) => unique(of_schema(schema), "", taken),
        _ => unique(name, "", taken),
    }
}

/// The name of the enum of a type.
pub(super) fn enumeration(enum_type: &str, taken: &mut HashSet<String>) -> String {
    unique(type_name(&words(enum_type), "Type"), "", taken)
}

/// The name of the variant of an enum that is stored as a label.
pub fn variant(label: &str, taken: &mut HashSet<String>) -> String {
    unique(capitals(&words(label), "Label", &["Self"]), "", taken)
}

/// The name of the field of a column. Its constant is in capitals, and so are those of others.
pub(super) fn field(column: &str, taken: &mut HashSet<String>) -> String {
    let name = begun(words(column).join("_"), "column_", &NO_FIELDS);
    unique_in_capitals(name, taken)
}

/// A name that is none of those taken, which are in capitals.
pub(super) fn unique_in_capitals(name: String, taken: &mut HashSet<String>) -> String {
    free(name, "_", |candidate| {
        taken.insert(candidate.to_uppercase())
    })
}

fn type_name(words: &[String], before: &str) -> String {
    capitals(words, before, &NO_TYPES)
}

/// Words as the name of a type or a variant.
fn capitals(words: &[String], before: &str, refused: &[&str]) -> String {
    let name = words.iter().map(|word| capital(word)).collect();
    begun(name, before, refused)
}

/// A name, with something before it where it could not stand by itself. Rust has names in the one
/// form that all ways of writing an accented letter share.
fn begun(name: String, before: &str, refused: &[&str]) -> String {
    let name: String = name.nfc().collect();
    match name.chars().next() {
        None => before.trim_end_matches('_').to_owned(),
        Some(first) if is_xid_start(first) && !refused.contains(&&*name) => name,
        _ => format!("{before}{name}"),
    }
}

/// The words of a name, in small letters, whatever divides them.
fn words(name: &str) -> Vec<String> {
    let composed: String = name.nfc().collect();
    let snake = crate::schema::snake_case(&composed);
    let is_part = |letter: char| letter.is_alphanumeric() && is_xid_continue(letter);
    let words = snake.split(|letter| !is_part(letter));
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// A name without accents, and without the letters that have no like in ASCII.
fn in_ascii(name: &str) -> String {
    let spelled = |letter: char| match letter {
        'ß' => "ss".to_owned(),
        'æ' => "ae".to_owned(),
        'ø' => "o".to_owned(),
        'œ' => "oe".to_owned(),
        letter if letter.is_ascii() || !letter.is_alphanumeric() => letter.to_string(),
        _ => String::new(),
    };
    let accent = |letter: &char| ('\u{300}'..='\u{36f}').contains(letter);
    name.nfd()
        .filter(|letter| !accent(letter))
        .map(spelled)
        .collect()
}

/// A word whose plural it may be, as far as the rule goes that makes plurals.
fn singular(word: &str) -> String {
    let candidates = [
        word.strip_suffix("ies").map(|stem| format!("{stem}y")),
        word.strip_suffix("es").map(str::to_owned),
        word.strip_suffix('s').map(str::to_owned),
    ];
    candidates
        .into_iter()
        .flatten()
        .find(|candidate| !candidate.is_empty() && crate::schema::plural(candidate) == word)
        .unwrap_or_else(|| word.to_owned())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn unique(name: String, divider: &str, taken: &mut HashSet<String>) -> String {
    free(name, divider, |candidate| {
        taken.insert(candidate.to_owned())
    })
}

/// A name, with a number behind it where it is not free.
fn free(name: String, divider: &str, mut is_free: impl FnMut(&str) -> bool) -> String {
    let mut candidate = name.clone();
    let mut number = 2;
    while !is_free(&candidate) {
        candidate = format!("{name}{divider}{number}");
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_and_its_fields_are_named_after_table_and_columns() {
        let cases = [
            ("users", "User"),
            ("blog_posts", "BlogPost"),
            ("categories", "Category"),
            ("addresses", "Address"),
            ("news", "New"),
            ("OrderItem", "OrderItem"),
            ("2fa codes", "Table2faCode"),
            ("größen", "Grossen"),
            ("options", "TableOption"),
            ("model", "TableModel"),
            ("self", "TableSelf"),
            ("\"it's\" \\ here", "ItSHere"),
            ("\u{1F600}", "Table"),
            ("m²", "M"),
            ("cafe\u{301}s", "Cafe"),
            ("名前", "Table"),
        ];
        for (table, expected) in cases {
            let table = TableName::new(table);
            assert_eq!(model(&table, &mut HashSet::new()), expected, "{table}");
        }
        let mut taken = HashSet::new();
        let tables = [
            TableName::new("users"),
            TableName::within("billing", "users"),
            TableName::within("sales", "orders"),
        ];
        let models = tables.map(|table| model(&table, &mut taken));
        assert_eq!(models, ["User", "BillingUser", "Order"]);
        let mut taken = HashSet::new();
        let labels = ["in-progress", "in progress", "2nd", "+", "", "Self"];
        let labels = labels.map(|label| variant(label, &mut taken));
        assert_eq!(
            labels,
            [
                "InProgress",
                "InProgress2",
                "Label2nd",
                "Label",
                "Label2",
                "LabelSelf"
            ]
        );
        let mut taken = HashSet::new();
        let fields = [
            "userId",
            "user id",
            "1st",
            "self",
            "type",
            "größe",
            "grösse",
            "\u{1100}\u{1161}",
            "",
        ];
        let fields = fields.map(|column| field(column, &mut taken));
        assert_eq!(
            fields,
            [
                "user_id",
                "user_id_2",
                "column_1st",
                "column_self",
                "type",
                "größe",
                "grösse_2",
                "\u{AC00}",
                "column"
            ]
        );
    }
}
