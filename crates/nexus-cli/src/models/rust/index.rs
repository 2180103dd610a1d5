//! Indexes of models.

use dataflow::ModelSchema;
use dataflow::schema::{Index, IndexKey, IndexMember, Nulls};

use super::text::{Word, literal};

/// An index over one field that nothing else is said of stands on the field, if it would get the
/// same name there. On the key it would say what the key says.
pub(super) fn plain<'a>(index: &'a Index, model: &ModelSchema) -> Option<(&'a str, &'static str)> {
    let [member] = &*index.members else {
        return None;
    };
    let name = member.as_field()?;
    let is_key = model.key.contains(name) && !model.key.is_composite();
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
    (has_usual_name && is_usual && !is_key).then_some((name, word))
}

/// An index that stands on the struct.
pub(super) fn index(index: &Index) -> Word {
    let mut parts: Vec<String> = index.members.iter().map(member).collect();
    if !index.include.is_empty() {
        parts.push(format!("include({})", index.include.join(", ")));
    }
    let options = [
        ("name", &index.name),
        ("method", &index.method),
        ("where", &index.predicate),
    ];
    let when = index.deferrable.map(|when| when.as_sql().to_lowercase());
    let when = when.map(|when| format!("deferrable = {}", literal(&when)));
    let nulls = index
        .nulls_not_distinct
        .then(|| "nulls = \"not distinct\"".to_owned());
    for (word, value) in options {
        parts.extend(
            value
                .as_ref()
                .map(|value| format!("{word} = {}", literal(value))),
        );
    }
    parts.extend(when.into_iter().chain(nulls));
    Word::List(if index.unique { "unique" } else { "index" }, parts)
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
