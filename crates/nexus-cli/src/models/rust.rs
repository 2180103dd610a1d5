//! Models as Rust, laid out as rustfmt would.

mod enumeration;
mod field;
mod index;
mod relation;
mod text;

use dataflow::schema::{Check, Field, FieldType, table_name};
use dataflow::{ModelSchema, SchemaSet};
use dataflow_core::adopt::{About, Adopted, Unsaid};

use enumeration::{enum_types, enumeration};
use field::field;
use index::{index, plain};
use relation::inverse;
pub(super) use text::of_one_line;
use text::{Word, attribute, comment, literal, width};

/// The longest chain of calls that rustfmt leaves in one line, after `SchemaSet::new()`.
const CHAIN: usize = 60 - "SchemaSet::new()".len();

/// A file of models: what they cannot say, and then each as a struct.
pub(super) fn file(adopted: &Adopted) -> String {
    let mut text =
        "//! Models of an existing database, written by `nexus models generate`.\n".to_owned();
    let crates = crates(&adopted.schema_set);
    if !crates.is_empty() {
        text += &format!("//!\n//! Their fields use {}.\n", crates.join(", "));
    }
    // Columns are told where they would be.
    let is_column = |unsaid: &&Unsaid| matches!(unsaid.about, About::Column(..));
    let mut beside = adopted.unsaid.iter().filter(|unsaid| !is_column(unsaid));
    if let Some(first) = beside.next() {
        text += "\n// In the database, and in no model:\n";
        for unsaid in [first].into_iter().chain(beside) {
            text += &format!("// - {}\n", of_one_line(&unsaid.to_string()));
        }
    }
    if adopted.schema_set.is_empty() {
        return text;
    }
    let enum_types = enum_types(&adopted.schema_set);
    text += match enum_types.is_empty() {
        true => "\nuse dataflow::{Model, SchemaSet};\n",
        false => "\nuse dataflow::{Model, ModelEnum, SchemaSet};\n",
    };
    text += &registration(&adopted.schema_set);
    for model in adopted.schema_set.models() {
        text += &structure(model, adopted);
    }
    for enum_type in enum_types {
        text += &enumeration(enum_type);
    }
    text
}

/// The function that gives all models at once.
fn registration(schema_set: &SchemaSet) -> String {
    let calls = schema_set
        .models()
        .map(|model| format!(".model::<{}>()", model.name));
    let calls: Vec<String> = calls.collect();
    let divider = match width(&calls.concat()) {
        ..=CHAIN => "",
        _ => "\n        ",
    };
    let calls: String = calls
        .iter()
        .map(|call| format!("{divider}{call}"))
        .collect();
    format!(
        "\n/// Every model, to be registered at once.\npub fn models() -> SchemaSet {{\n    \
         SchemaSet::new(){calls}\n}}\n"
    )
}

/// The packages that the types of fields come from.
fn crates(schema_set: &SchemaSet) -> Vec<&'static str> {
    let fields = || schema_set.models().flat_map(|model| model.fields.iter());
    let known = [
        (FieldType::Timestamp, "chrono"),
        (FieldType::LocalDateTime, "chrono"),
        (FieldType::Date, "chrono"),
        (FieldType::LocalTime, "chrono"),
        (FieldType::Decimal, "rust_decimal"),
        (FieldType::Json, "serde_json"),
        (FieldType::Uuid, "uuid"),
    ];
    let holds = |field: &Field, wanted: &FieldType| match &field.field_type {
        FieldType::Array(item) => item.field_type() == *wanted,
        field_type => field_type == wanted,
    };
    let used = known
        .into_iter()
        .filter(|(field_type, _)| fields().any(|field| holds(field, field_type)));
    let mut crates: Vec<&str> = used.map(|(_, name)| name).collect();
    crates.dedup();
    crates
}

fn structure(model: &ModelSchema, adopted: &Adopted) -> String {
    let mut words: Vec<Word> = Vec::new();
    if table_name(&model.name) != *model.table.name {
        words.push(format!("table = {}", literal(&model.table.name)).into());
    }
    let schema = model.table.schema.as_deref();
    words.extend(schema.map(|schema| format!("schema = {}", literal(schema)).into()));
    words.extend(
        model
            .without_rowid
            .then(|| "without_rowid".to_owned().into()),
    );
    let is_secured = model.row_level_security;
    words.extend(is_secured.then(|| "row_level_security".to_owned().into()));
    words.extend(model.comment.as_deref().map(comment));
    let own_indexes = model
        .indexes
        .iter()
        .filter(|index| plain(index, model).is_none());
    words.extend(own_indexes.map(index));
    words.extend(model.checks.iter().map(check));
    let inverses = model.inverses.iter();
    words.extend(inverses.map(|declared| inverse(declared, &adopted.schema_set)));
    let mut text = format!(
        "\n/// A row of `{}`.\n#[derive(Debug, Clone, PartialEq, Model)]\n",
        of_one_line(&model.table.to_string())
    );
    text += &attribute(&words, "");
    text += &format!("pub struct {} {{\n", model.name);
    for declared in model.fields.iter() {
        text += &field(declared, model, &adopted.schema_set);
    }
    for unsaid in &adopted.unsaid {
        if let About::Column(table, column) = &unsaid.about
            && *table == model.table
        {
            let told = format!("Column {column:?} {}", unsaid.what);
            text += &format!(
                "    // {}; reads and writes do not touch it.\n",
                of_one_line(&told)
            );
        }
    }
    text + "}\n"
}

fn check(check: &Check) -> Word {
    let name = check.name.as_deref().map(literal);
    let name = name.map(|name| format!("name = {name}"));
    let parts = [literal(&check.expression)].into_iter().chain(name);
    Word::List("check", parts.collect())
}
