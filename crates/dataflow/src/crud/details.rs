//! What each node says about itself, takes and gives.

use dataflow_core::node::{Details, ModelVerb, Shape};
use dataflow_core::schema::{Field, FieldType};
use dataflow_core::{Model as _, ModelSchema};

use super::rows::{ADD, has_word, is_added_to};
use super::selection::{MAX_LIMIT, MAX_OFFSET};
use crate::audit::AuditEntry;
use crate::collect::CREATED;

/// What one operation of a model says about itself, takes and gives.
pub(super) fn details(model: &ModelSchema, verb: ModelVerb) -> Details {
    Details {
        description: description(model, verb),
        input: input(model, verb),
        output: output(model, verb),
    }
}

fn description(model: &ModelSchema, verb: ModelVerb) -> String {
    let (name, key) = (&model.name, &model.key);
    let sentence = match verb {
        ModelVerb::Create => format!("Creates one {name}."),
        ModelVerb::Read => format!("Reads one {name} by its {key}."),
        ModelVerb::Update => format!("Changes fields of one {name}, found by its {key}."),
        ModelVerb::Delete => format!("Deletes one {name} by its {key}."),
        ModelVerb::List => format!(
            "Lists {name} rows, in the order of {key} unless asked otherwise, page by page."
        ),
        ModelVerb::Count => format!("Counts {name} rows."),
        ModelVerb::Upsert => format!("Creates one {name}, or changes the one that exists."),
        ModelVerb::BulkCreate => format!("Creates many {name} rows, all or none."),
        ModelVerb::BulkUpdate => format!(
            "Changes many {name} rows, all or none: rows, each with its {key} and its values, or \
             those of a filter, which are given the same values by set and are counted."
        ),
        ModelVerb::BulkDelete => {
            format!("Deletes many {name} rows, all or none: those of some ids, or of a filter.")
        }
        ModelVerb::BulkUpsert => {
            format!("Creates many {name} rows or changes those that exist, all or none.")
        }
        ModelVerb::Restore => format!("Restores one {name} that was deleted, by its {key}."),
        ModelVerb::Audit => format!(
            "What was done to one {name}, by its {key}, newest first: by whom, when, and which fields have other values since."
        ),
    };
    match &model.description {
        Some(about) => format!("{sentence} {about}"),
        None => sentence,
    }
}

fn input(model: &ModelSchema, verb: ModelVerb) -> Shape {
    match verb {
        ModelVerb::Create => new_row(model),
        ModelVerb::Read if model.relation_names().next().is_none() => by_key(model),
        ModelVerb::Read => by_key(model)
            .optional("fields", fields(model))
            .optional("include", include(model)),
        ModelVerb::Delete => with_version(model, by_key(model)),
        ModelVerb::Restore => by_key(model),
        ModelVerb::Audit => page(model),
        ModelVerb::Update => change(model),
        ModelVerb::List => selection(model),
        ModelVerb::Count => Shape::object().optional("filter", filter(model)),
        ModelVerb::Upsert => new_row(model)
            .optional("conflict_on", conflict_on())
            .optional("on_conflict", on_conflict(model)),
        ModelVerb::BulkCreate => Shape::object().required("rows", Shape::array(new_row(model))),
        ModelVerb::BulkUpdate => chosen(model)
            .optional("rows", Shape::array(change(model)))
            .optional("set", changes(model, Shape::object())),
        ModelVerb::BulkDelete => chosen(model).optional("ids", Shape::array(id(model))),
        ModelVerb::BulkUpsert => Shape::object()
            .required("rows", Shape::array(new_row(model)))
            .optional("conflict_on", conflict_on())
            .optional(
                "on_conflict",
                Shape::array(on_conflict(model)).described(
                    "What each row that exists is given, in the order of the rows, in the place of \
                     the values of the new one.",
                ),
            ),
    }
}

fn output(model: &ModelSchema, verb: ModelVerb) -> Shape {
    match verb {
        ModelVerb::Read if model.relation_names().next().is_some() => some_of_row(model),
        ModelVerb::Create | ModelVerb::Read | ModelVerb::Update | ModelVerb::Restore => row(model),
        ModelVerb::Upsert => upserted(model),
        ModelVerb::Delete => Shape::any(),
        ModelVerb::Count | ModelVerb::BulkDelete => {
            Shape::object().required("count", Shape::integer())
        }
        ModelVerb::List => Shape::array(some_of_row(model)),
        ModelVerb::Audit => Shape::array(row(AuditEntry::schema())),
        ModelVerb::BulkCreate => Shape::array(row(model)),
        ModelVerb::BulkUpsert => Shape::array(upserted(model)),
        ModelVerb::BulkUpdate => rows_or_count(model),
    }
}

/// The fields of the key, by name.
fn by_key(model: &ModelSchema) -> Shape {
    let fields = model.key_fields();
    fields.fold(Shape::object(), |shape, field| {
        shape.required(&field.name, Shape::of_field(field))
    })
}

/// The key where it is one of a list: its value, or its fields where it has several.
fn id(model: &ModelSchema) -> Shape {
    match model.key.is_composite() {
        false => Shape::of_field(model.key_field()),
        true => by_key(model),
    }
}

/// What can be given for a new row.
fn new_row(model: &ModelSchema) -> Shape {
    let is_given = |field: &&Field| {
        field.is_given() && (!model.key.contains(&field.name) || model.key.is_accepted())
    };
    let given = model.fields.iter().filter(is_given);
    given.fold(Shape::object(), |shape, field| {
        let is_made = model.key.contains(&field.name) && !model.key.is_required();
        if field.is_optional() || is_made {
            shape.optional(&field.name, Shape::of_field(field))
        } else {
            shape.required(&field.name, Shape::of_field(field))
        }
    })
}

/// The version that a row must have, where the model has versions.
fn with_version(model: &ModelSchema, shape: Shape) -> Shape {
    let Some(version) = model.version() else {
        return shape;
    };
    let about = "The version that the row must have: where it has another by now, nothing changes.";
    let field = &model.fields[version];
    shape.optional(&field.name, Shape::of_field(field).described(about))
}

/// What can be given for a change: the key, and any of the other fields.
fn change(model: &ModelSchema) -> Shape {
    with_version(model, changes(model, by_key(model)))
}

/// A shape with what rows that exist can be given, and what can be added to them.
fn changes(model: &ModelSchema, shape: Shape) -> Shape {
    let fields = model.fields.iter();
    let others = fields.filter(|field| !model.key.contains(&field.name));
    let others = others.filter(|field| field.is_given());
    let shape = others.fold(shape, |shape, field| {
        shape.optional(&field.name, Shape::of_field(field))
    });
    if !has_word(model) {
        return shape;
    }
    let fields = model.fields.iter();
    let summands = fields.filter(|field| is_added_to(model, field));
    let summands = summands.fold(Shape::object(), |shape, field| {
        shape.optional(&field.name, Shape::of_field_type(&field.field_type))
    });
    let about = "What is added to fields, whatever they hold at that moment.";
    shape.optional(ADD, summands.described(about))
}

/// Which rows a write is about that are not listed.
fn chosen(model: &ModelSchema) -> Shape {
    let all = "Whether every row is meant, in the place of a filter.";
    Shape::object()
        .optional("filter", filter(model))
        .optional("all", Shape::boolean().described(all))
}

/// An array of rows, or `{"count": n}`: items are only asked of an array.
fn rows_or_count(model: &ModelSchema) -> Shape {
    let about = "The rows as they are then; of a filter, an object with their count.";
    let items = ("items".to_owned(), row(model).into());
    Shape::from_schema([items].into_iter().collect()).described(about)
}

/// A stored row. Every member is there; a portable schema has no way to say that one may be null,
/// so such members have no type.
fn row(model: &ModelSchema) -> Shape {
    model.shown().fold(Shape::object(), |shape, field| {
        shape.required(&field.name, member(field))
    })
}

/// A row of an upsert.
fn upserted(model: &ModelSchema) -> Shape {
    let about = "Whether the row is new; else it was there, and was changed.";
    match model.field(CREATED) {
        Some(_) => row(model),
        None => row(model).required(CREATED, Shape::boolean().described(about)),
    }
}

/// A row whose fields the caller chooses; what rows come to, and rows that relations lead to, stand
/// beside them.
fn some_of_row(model: &ModelSchema) -> Shape {
    let fields = model.shown();
    fields.fold(Shape::object().open(), |shape, field| {
        shape.optional(&field.name, member(field))
    })
}

fn member(field: &Field) -> Shape {
    if field.nullable {
        let or_null = format!("{}, or null.", field.field_type.describe());
        Shape::any().described(field.description.as_deref().unwrap_or(&or_null))
    } else {
        Shape::of_field(field)
    }
}

fn fields(model: &ModelSchema) -> Shape {
    let mut about = String::from("The fields of the rows; all unless given.");
    if let Some(field) = document(model) {
        about.push_str(&format!(
            " {0}->city is what a document has there, {0}->address->>city a text; each is called by \
             its last member.",
            field.name
        ));
    }
    Shape::array(Shape::string()).described(&about)
}

/// A field to tell of documents by, where the model has one.
fn document(model: &ModelSchema) -> Option<&Field> {
    let mut fields = model.shown();
    fields.find(|field| field.field_type == FieldType::Json)
}

/// Without relations there is nothing to name.
fn include(model: &ModelSchema) -> Shape {
    let names: Vec<&str> = model.relation_names().collect();
    Shape::free_object().described(&format!(
        "Rows beside each row, by the name of the relation ({}); each an object with fields, filter, \
         order, limit (for each row) and include of its own, or {{}}.",
        names.join(", ")
    ))
}

fn selection(model: &ModelSchema) -> Shape {
    let names = || Shape::array(Shape::string());
    let offset = Shape::integer().between(0, MAX_OFFSET as i64);
    let shape = Shape::object()
        .optional("filter", filter(model))
        .optional(
            "order",
            names().described(
                "Fields to sort by, or what groups come to, such as count or age_max; each may be \
                 followed by .desc and by .nullsfirst or .nullslast. A place inside a document is \
                 one: note->age sorts by the numbers there, note->>city by the texts.",
            ),
        )
        .optional("fields", fields(model))
        .optional(
            "distinct",
            Shape::boolean().described("Whether rows that are alike in the fields are given once."),
        )
        .optional(
            "aggregate",
            names().described(
                "What the rows that are alike in the fields come to: count, or a field with .sum, \
                 .avg, .min, .max or .count_distinct; named count, age_max and so on.",
            ),
        )
        .optional(
            "having",
            Shape::free_object().described(
                "A filter of the groups, by what they are alike in and what they come to, such as \
                 {\"count\": {\"$gte\": 2}}.",
            ),
        )
        .optional("limit", limit())
        .optional("after", after())
        .optional(
            "offset",
            offset.described("How many rows are passed over; prefer after."),
        );
    if model.relation_names().next().is_none() {
        return shape;
    }
    shape.optional("include", include(model))
}

/// The key of a row, and a page of what belongs to it. A field of the key stands before a word of the
/// same name.
fn page(model: &ModelSchema) -> Shape {
    let words = [("limit", limit()), ("after", after())].into_iter();
    let words = words.filter(|(name, _)| !model.key.contains(name));
    words.fold(by_key(model), |shape, (name, word)| {
        shape.optional(name, word)
    })
}

fn limit() -> Shape {
    let limit = Shape::integer().between(1, MAX_LIMIT as i64);
    limit.described("The most rows; 100 unless given.")
}

fn after() -> Shape {
    Shape::string().described("The cursor that came with the page before.")
}

/// What a filter is made of, as far as the model has use for it.
fn filter(model: &ModelSchema) -> Shape {
    let mut about = String::from(
        "Fields and the values they equal, or operators: $eq, $ne, $gt, $gte, $lt, $lte, $in and \
         $nin with a list, $between with two values, $like and $ilike with a pattern of SQL, \
         $contains, $starts_with and $ends_with with a text, $null with true or false, $not with \
         more of these; {\"$field\": name} in the place of a value is another field of the row. All \
         must hold; $and and $or take a list of filters, $not takes one.",
    );
    let holds = |is_meant: fn(&FieldType) -> bool| {
        let mut fields = model.shown();
        fields.any(|field| is_meant(&field.field_type))
    };
    if holds(|field_type| matches!(field_type, FieldType::Array(_))) {
        about.push_str(
            " A list takes $contains, $contained and $overlaps with items, and $empty with true or \
             false.",
        );
    }
    if let Some(field) = document(model) {
        about.push_str(&format!(
            " A place inside a document is named by its path, such as \"{}.address.city\"; a document \
             takes $contains with members and items that it must have.",
            field.name
        ));
    }
    let names: Vec<&str> = model.relation_names().collect();
    if !names.is_empty() {
        about.push_str(&format!(
            " A relation ({}) takes a filter of the one row it leads to, or $some, $every or $none \
             with one.",
            names.join(", ")
        ));
    }
    Shape::free_object().described(&about)
}

fn on_conflict(model: &ModelSchema) -> Shape {
    changes(model, Shape::object())
        .described("What an existing row is given, in the place of the values of the new one.")
}

fn conflict_on() -> Shape {
    Shape::array(Shape::string()).described(
        "The fields that an existing row is found by: the key, or those of a unique index.",
    )
}

#[cfg(test)]
mod tests {
    use dataflow_core::query::Filter;
    use dataflow_core::schema::{ItemType, Key, KeyGenerator};
    use serde_json::Value as Json;

    use super::*;

    #[test]
    fn the_description_of_a_filter_names_every_operator_that_a_field_takes() {
        let fields = vec![
            Field::new("id", FieldType::I64),
            Field::new("tags", FieldType::Array(ItemType::String)),
            Field::new("note", FieldType::Json),
        ];
        let model = ModelSchema::new("User", fields, Key::new("id", KeyGenerator::Serial));
        let about = Json::from(filter(&model)).to_string();
        let words: Vec<&str> = about.split([' ', ',', ';', '.']).collect();
        for operator in Filter::operators() {
            assert!(words.contains(&operator), "{operator}: {about}");
        }
        assert!(about.contains("note.address.city"), "{about}");

        let plain = ModelSchema::new("User", vec![Field::new("id", FieldType::I64)], model.key);
        let about = Json::from(filter(&plain)).to_string();
        assert!(
            !about.contains("$overlaps") && !about.contains("path"),
            "{about}"
        );
    }
}
