//! What leads from models to others.

use dataflow::SchemaSet;
use dataflow::schema::{Action, Arity, Inverse, Relation, TableName};

use super::text::Word;

/// The words of a field that holds the key of another model.
pub(super) fn belongs_to(relation: &Relation, schema_set: &SchemaSet) -> Vec<String> {
    let mut words = vec![format!(
        "belongs_to = {}",
        name_of(&relation.table, schema_set)
    )];
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

/// The word for rows of another model that point at this one.
pub(super) fn inverse(inverse: &Inverse, schema_set: &SchemaSet) -> Word {
    let Inverse { name, field, .. } = inverse;
    let target = name_of(&inverse.table, schema_set);
    match (&inverse.through, inverse.arity) {
        (Some(through), _) => {
            let between = name_of(&through.table, schema_set);
            let through = format!("through = {between}({field}, {})", through.field);
            Word::List("many_to_many", vec![format!("{name} = {target}"), through])
        }
        (None, Arity::Many) => Word::List("has_many", vec![format!("{name} = {target}.{field}")]),
        (None, Arity::One) => Word::List("has_one", vec![format!("{name} = {target}.{field}")]),
    }
}

/// The name of the model of a table.
fn name_of<'a>(table: &TableName, schema_set: &'a SchemaSet) -> &'a str {
    let mut models = schema_set.models();
    let model = models.find(|model| model.table == *table);
    &model
        .expect("a validated model's relations lead to models")
        .name
}
