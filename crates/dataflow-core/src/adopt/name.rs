//! Names of Rust for names of tables.

use std::collections::HashSet;

/// Words that cannot name a struct or a field, not even as `r#…`, or that read badly so.
const TAKEN: [&str; 6] = ["self", "Self", "super", "crate", "_", ""];

/// The name of the model of a table: `blog_posts` is stored rows of `BlogPost`.
pub(super) fn model(table: &str, taken: &mut HashSet<String>) -> String {
    let mut words: Vec<String> = words(table);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    capitals(&words, "Table", taken)
}

/// The name of the enum of a type.
pub(super) fn enumeration(enum_type: &str, taken: &mut HashSet<String>) -> String {
    capitals(&words(enum_type), "Type", taken)
}

/// The name of the variant of an enum that is stored as a label.
pub fn variant(label: &str, taken: &mut HashSet<String>) -> String {
    capitals(&words(label), "Label", taken)
}

/// Words as the name of a type or a variant, with something before it that makes it one.
fn capitals(words: &[String], before: &str, taken: &mut HashSet<String>) -> String {
    let name: String = words.iter().map(|word| capital(word)).collect();
    let name = match name.chars().next() {
        Some(letter) if letter.is_alphabetic() && !TAKEN.contains(&&*name) => name,
        _ => format!("{before}{name}"),
    };
    unique(name, "", taken)
}

/// The name of the field of a column.
pub(super) fn field(column: &str, taken: &mut HashSet<String>) -> String {
    let name = words(column).join("_");
    let name = match name.chars().next() {
        Some(letter) if letter.is_alphabetic() && !TAKEN.contains(&&*name) => name,
        _ => format!("column_{name}"),
    };
    unique(name, "_", taken)
}

/// The words of a name, in small letters, whatever divides them.
fn words(name: &str) -> Vec<String> {
    let snake = crate::schema::snake_case(name);
    let is_part = |letter: char| letter.is_alphanumeric();
    let words = snake.split(|letter| !is_part(letter));
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
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
        .find(|candidate| crate::schema::plural(candidate) == word)
        .unwrap_or_else(|| word.to_owned())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn unique(name: String, divider: &str, taken: &mut HashSet<String>) -> String {
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
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
            ("größe", "Größe"),
        ];
        for (table, expected) in cases {
            assert_eq!(model(table, &mut HashSet::new()), expected, "{table}");
        }
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
        let fields = ["userId", "user id", "1st", "self", "type"];
        let fields = fields.map(|column| field(column, &mut taken));
        assert_eq!(
            fields,
            ["user_id", "user_id_2", "column_1st", "column_self", "type"]
        );
    }
}
