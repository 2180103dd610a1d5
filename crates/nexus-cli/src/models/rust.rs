//! Models as Rust, laid out as rustfmt would.

use std::collections::HashSet;

use dataflow::schema::{
    Action, Check, DefaultValue, EnumType, Field, FieldType, Index, IndexKey, IndexMember,
    ItemType, Kept, KeyGenerator, Limit, Nulls, Relation, snake_case, table_name,
};
use dataflow::{ModelSchema, SchemaSet};
use dataflow_core::adopt::{Adopted, variant_name};

/// The longest list of words that rustfmt leaves in one line.
const WIDTH: usize = 70;

/// Words that a field can bear only as `r#…`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// A file of models: what they cannot say, and then each as a struct.
pub(super) fn file(adopted: &Adopted) -> String {
    let mut text =
        "//! Models of an existing database, written by `nexus models generate`.\n".to_owned();
    let crates = crates(&adopted.schema_set);
    if !crates.is_empty() {
        text += &format!("//!\n//! Their fields use {}.\n", crates.join(", "));
    }
    if !adopted.unsaid.is_empty() {
        text += "\n// In the database, and in no model:\n";
        for unsaid in &adopted.unsaid {
            text += &format!("// - {}\n", unsaid.to_string().replace('\n', " "));
        }
    }
    if adopted.schema_set.is_empty() {
        return text;
    }
    let enum_types = enum_types(&adopted.schema_set);
    text += match enum_types.is_empty() {
        true => "\nuse dataflow::Model;\n",
        false => "\nuse dataflow::{Model, ModelEnum};\n",
    };
    for model in adopted.schema_set.models() {
        text += &structure(model, &adopted.schema_set);
    }
    for enum_type in enum_types {
        text += &enumeration(enum_type);
    }
    text
}

/// The enums of fields, each once.
fn enum_types(schema_set: &SchemaSet) -> Vec<&EnumType> {
    let fields = schema_set.models().flat_map(|model| model.fields.iter());
    let mut enum_types = Vec::new();
    for field in fields {
        if let FieldType::Enum(enum_type) = &field.field_type
            && !enum_types.contains(&enum_type)
        {
            enum_types.push(enum_type);
        }
    }
    enum_types
}

fn enumeration(enum_type: &EnumType) -> String {
    let name = enum_type.type_name.as_deref().unwrap_or(&enum_type.name);
    let mut text = format!(
        "\n/// A value of type `{name}`.\n#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]\n"
    );
    text += &attribute(&[format!("type = {}", literal(name))], "");
    text += &format!("pub enum {} {{\n", enum_type.name);
    let mut taken = HashSet::new();
    for label in enum_type.variants.iter() {
        let variant = variant_name(label, &mut taken);
        if snake_case(&variant) != *label {
            text += &attribute(&[format!("rename = {}", literal(label))], "    ");
        }
        text += &format!("    {variant},\n");
    }
    text + "}\n"
}

/// The packages that the types of fields come from.
fn crates(schema_set: &SchemaSet) -> Vec<&'static str> {
    let fields = || schema_set.models().flat_map(|model| model.fields.iter());
    let known = [
        (FieldType::Timestamp, "chrono"),
        (FieldType::Date, "chrono"),
        (FieldType::Decimal, "rust_decimal"),
        (FieldType::Json, "serde_json"),
        (FieldType::Uuid, "uuid"),
        (FieldType::Array(ItemType::Uuid), "uuid"),
    ];
    let used = known
        .into_iter()
        .filter(|(field_type, _)| fields().any(|field| field.field_type == *field_type));
    let mut crates: Vec<&str> = used.map(|(_, name)| name).collect();
    crates.dedup();
    crates
}

fn structure(model: &ModelSchema, schema_set: &SchemaSet) -> String {
    let mut words = Vec::new();
    if table_name(&model.name) != *model.table.name {
        words.push(format!("table = {}", literal(&model.table.name)));
    }
    let schema = model.table.schema.as_deref();
    words.extend(schema.map(|schema| format!("schema = {}", literal(schema))));
    words.extend(model.without_rowid.then(|| "without_rowid".to_owned()));
    words.extend(model.comment.as_deref().map(comment));
    let own_indexes = model
        .indexes
        .iter()
        .filter(|index| plain(index, model).is_none());
    words.extend(own_indexes.map(index));
    words.extend(model.checks.iter().map(check));
    let mut text = format!(
        "\n/// A row of `{}`.\n#[derive(Debug, Clone, PartialEq, Model)]\n",
        model.table
    );
    text += &attribute(&words, "");
    text += &format!("pub struct {} {{\n", model.name);
    for declared in model.fields.iter() {
        text += &field(declared, model, schema_set);
    }
    text + "}\n"
}

fn field(field: &Field, model: &ModelSchema, schema_set: &SchemaSet) -> String {
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
    if field.name != field.column {
        words.push(format!("column = {:?}", field.column));
    }
    words.extend(field.comment.as_deref().map(comment));
    let plain_indexes = model.indexes.iter().filter_map(|index| plain(index, model));
    words.extend(
        plain_indexes
            .filter(|(name, _)| *name == field.name)
            .map(|(_, word)| word.to_owned()),
    );
    words.extend(field.limit.into_iter().flat_map(limit));
    words.extend(field.default.as_ref().map(default));
    if let Some(generated) = &field.generated {
        words.push(format!("generated = {}", literal(&generated.expression)));
        words.extend((generated.kept == Kept::Virtual).then(|| "virtual".to_owned()));
    }
    let relation = model
        .relations
        .iter()
        .find(|relation| relation.field == field.name);
    words.extend(
        relation
            .into_iter()
            .flat_map(|relation| belongs_to(relation, schema_set)),
    );
    let name = match KEYWORDS.contains(&&*field.name) {
        true => format!("r#{}", field.name),
        false => field.name.to_string(),
    };
    format!(
        "{}    pub {name}: {},\n",
        attribute(&words, "    "),
        rust_type(field)
    )
}

/// An index over one field that nothing else is said of stands on the field, if it would get the
/// same name there.
fn plain<'a>(index: &'a Index, model: &ModelSchema) -> Option<(&'a str, &'static str)> {
    let [member] = &*index.members else {
        return None;
    };
    let name = member.as_field()?;
    let (word, suffix) = match index.unique {
        true => ("unique", "key"),
        false => ("index", "idx"),
    };
    let usual = Index {
        name: None,
        unique: index.unique,
        ..Index::over([name.to_owned()])
    };
    let column = &model.field(name)?.column;
    let usual_name = format!("{}_{column}_{suffix}", model.table.name);
    let has_usual_name = index.name.as_ref().is_none_or(|name| *name == usual_name);
    let is_usual = Index {
        name: None,
        ..index.clone()
    } == usual;
    (has_usual_name && is_usual).then_some((name, word))
}

fn index(index: &Index) -> String {
    let mut parts: Vec<String> = index.members.iter().map(member).collect();
    if !index.include.is_empty() {
        parts.push(format!("include({})", index.include.join(", ")));
    }
    let options = [
        ("name", &index.name),
        ("method", &index.method),
        ("where", &index.predicate),
    ];
    for (word, value) in options {
        parts.extend(
            value
                .as_ref()
                .map(|value| format!("{word} = {}", literal(value))),
        );
    }
    let word = if index.unique { "unique" } else { "index" };
    format!("{word}({})", parts.join(", "))
}

fn member(member: &IndexMember) -> String {
    let mut text = match &member.key {
        IndexKey::Field(name) => name.to_string(),
        IndexKey::Expression(sql) => literal(sql),
    };
    if member.descending {
        text += " desc";
    }
    match member.nulls {
        Some(Nulls::First) => text += " nulls first",
        Some(Nulls::Last) => text += " nulls last",
        None => {}
    }
    if let Some(operator_class) = &member.operator_class {
        text += &format!(" ops {operator_class:?}");
    }
    text
}

fn check(check: &Check) -> String {
    match &check.name {
        Some(name) => format!("check({}, name = {name:?})", literal(&check.expression)),
        None => format!("check({})", literal(&check.expression)),
    }
}

fn comment(text: &str) -> String {
    format!("comment = {}", literal(text))
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

fn belongs_to(relation: &Relation, schema_set: &SchemaSet) -> Vec<String> {
    let parent = schema_set
        .models()
        .find(|model| model.table == relation.table)
        .expect("a validated model's relations point at models");
    let mut words = vec![format!("belongs_to = {}", parent.name)];
    let actions = [
        ("on_delete", relation.on_delete),
        ("on_update", relation.on_update),
    ];
    for (word, action) in actions {
        let action = match action {
            Action::NoAction => continue,
            Action::Restrict => "restrict",
            Action::Cascade => "cascade",
            Action::SetNull => "set_null",
            Action::SetDefault => "set_default",
        };
        words.push(format!("{word} = {action:?}"));
    }
    if relation.deferred {
        words.push("deferred".to_owned());
    }
    words
}

fn rust_type(field: &Field) -> String {
    let plain = match &field.field_type {
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
        FieldType::Date => "chrono::NaiveDate",
        FieldType::Decimal => "rust_decimal::Decimal",
        FieldType::Json => "serde_json::Value",
        FieldType::Enum(enum_type) => &enum_type.name,
        FieldType::Array(item) => match item {
            ItemType::Bool => "Vec<bool>",
            ItemType::I16 => "Vec<i16>",
            ItemType::I32 => "Vec<i32>",
            ItemType::I64 => "Vec<i64>",
            ItemType::F64 => "Vec<f64>",
            ItemType::String => "Vec<String>",
            ItemType::Uuid => "Vec<uuid::Uuid>",
        },
    };
    match field.nullable {
        true => format!("Option<{plain}>"),
        false => plain.to_owned(),
    }
}

/// `#[model(…)]` in one line, or with a line for each word where that is too long.
fn attribute(words: &[String], indent: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    let line = words.join(", ");
    if line.chars().count() <= WIDTH && !line.contains('\n') {
        return format!("{indent}#[model({line})]\n");
    }
    let lines = words.iter().map(|word| format!("{indent}    {word}"));
    let lines: Vec<String> = lines.collect();
    format!("{indent}#[model(\n{}\n{indent})]\n", lines.join(",\n"))
}

/// A text as a literal of Rust; SQL is full of quotes, and stays readable between `r#"` and `"#`.
fn literal(text: &str) -> String {
    if !text.contains(['"', '\\']) && !text.contains(char::is_control) {
        return format!("\"{text}\"");
    }
    let hashes = (1..)
        .map(|count| "#".repeat(count))
        .find(|hashes| !text.contains(&format!("\"{hashes}")))
        .expect("a text holds no endless row of hashes");
    match text.contains('\r') {
        true => format!("{text:?}"),
        false => format!("r{hashes}\"{text}\"{hashes}"),
    }
}
