//! Fields of models.

use dataflow::schema::{Bound, DefaultValue, Field, FieldType, Kept, KeyGenerator, Limit};
use dataflow::{ModelSchema, SchemaSet};

use super::index::plain;
use super::relation::belongs_to;
use super::text::{Word, attribute, literal, width};

/// Words that a field can bear only as `r#…`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// The longest line that rustfmt leaves.
const WIDTH: usize = 100;

/// A field.
pub(super) fn field(field: &Field, model: &ModelSchema, schema_set: &SchemaSet) -> String {
    let words: Vec<Word> = words(field, model, schema_set);
    let name = match KEYWORDS.contains(&&*field.name) {
        true => format!("r#{}", field.name),
        false => field.name.to_string(),
    };
    let (start, rust_type) = (format!("    pub {name}:"), rust_type(field));
    let space = match width(&start) + width(&rust_type) + 2 {
        ..=WIDTH => " ",
        _ => "\n        ",
    };
    let description = field.description.as_deref();
    let description = description.map_or_else(String::new, |text| format!("    /// {text}\n"));
    let attribute = attribute(&words, "    ");
    format!("{description}{attribute}{start}{space}{rust_type},\n")
}

fn words(field: &Field, model: &ModelSchema, schema_set: &SchemaSet) -> Vec<Word> {
    let mut words = Vec::new();
    if model.key.contains(&field.name) {
        words.push("primary_key".to_owned());
        let usual = match field.field_type {
            _ if model.key.is_composite() => KeyGenerator::None,
            FieldType::I16 | FieldType::I32 | FieldType::I64 => KeyGenerator::Serial,
            FieldType::Uuid => KeyGenerator::UuidV7,
            _ => KeyGenerator::None,
        };
        if model.key.generator != usual {
            words.push("generate = \"none\"".to_owned());
        }
    }
    words.extend(field.tenant.then(|| "tenant".to_owned()));
    if field.name != field.column {
        words.push(format!("column = {}", literal(&field.column)));
    }
    let comment = field.comment.as_deref();
    words.extend(comment.map(|comment| format!("comment = {}", literal(comment))));
    let plain_indexes = model.indexes.iter().filter_map(|index| plain(index, model));
    words.extend(
        plain_indexes
            .filter(|(name, _)| *name == field.name)
            .map(|(_, word)| word.to_owned()),
    );
    let least = field.rules.min_length;
    words.extend(least.map(|least| format!("min_length = {least}")));
    words.extend(field.limit.into_iter().flat_map(limit));
    let pattern = field.rules.pattern.as_deref();
    words.extend(pattern.map(|pattern| format!("pattern = {}", literal(pattern))));
    let adopts = field.adopts.as_deref();
    words.extend(adopts.map(|adopts| format!("adopts = {}", literal(adopts))));
    for (word, end) in [("min", &field.rules.min), ("max", &field.rules.max)] {
        words.extend(end.as_ref().map(|end| format!("{word} = {}", bound(end))));
    }
    words.extend(field.default.as_ref().map(default));
    if let Some(generated) = &field.generated {
        words.push(format!("generated = {}", literal(&generated.expression)));
        words.extend((generated.kept == Kept::Virtual).then(|| "virtual".to_owned()));
    }
    let mut relations = model.relations.iter();
    let relation = relations.find(|relation| relation.field == field.name);
    let belongs_to = relation.map(|relation| belongs_to(relation, schema_set));
    words.extend(belongs_to.into_iter().flatten());
    words.into_iter().map(Word::from).collect()
}

fn limit(limit: Limit) -> Vec<String> {
    match limit {
        Limit::Length(length) => vec![format!("max_length = {length}")],
        Limit::Digits { precision, scale } => {
            vec![
                format!("precision = {precision}"),
                format!("scale = {scale}"),
            ]
        }
        Limit::SecondDigits(digits) => vec![format!("precision = {digits}")],
    }
}

fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Integer(value) => value.to_string(),
        Bound::Float(value) => format!("{value:?}"),
        Bound::Text(text) => literal(text),
    }
}

fn default(default: &DefaultValue) -> String {
    match default {
        DefaultValue::Bool(value) => format!("default = {value}"),
        DefaultValue::Integer(value) => format!("default = {value}"),
        DefaultValue::Float(value) => format!("default = {value:?}"),
        DefaultValue::Text(text) => format!("default = {}", literal(text)),
        DefaultValue::Sql(sql) => format!("default_sql = {}", literal(sql)),
    }
}

fn rust_type(field: &Field) -> String {
    let plain = plain_type(&field.field_type);
    match field.nullable {
        true => format!("Option<{plain}>"),
        false => plain,
    }
}

fn plain_type(field_type: &FieldType) -> String {
    let name = match field_type {
        FieldType::Array(item) => return format!("Vec<{}>", plain_type(&item.field_type())),
        FieldType::Bool => "bool",
        FieldType::I16 => "i16",
        FieldType::I32 => "i32",
        FieldType::I64 => "i64",
        FieldType::F32 => "f32",
        FieldType::F64 => "f64",
        FieldType::String => "String",
        FieldType::Bytes => "Vec<u8>",
        FieldType::Uuid => "uuid::Uuid",
        FieldType::Timestamp => "chrono::DateTime<chrono::Utc>",
        FieldType::LocalDateTime => "chrono::NaiveDateTime",
        FieldType::Date => "chrono::NaiveDate",
        FieldType::LocalTime => "chrono::NaiveTime",
        FieldType::Decimal => "rust_decimal::Decimal",
        FieldType::Json => "serde_json::Value",
        FieldType::Enum(enum_type) => &enum_type.name,
    };
    name.to_owned()
}
