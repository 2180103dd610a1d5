//! Which rows an operation gives, and what of them.

use dataflow_core::ModelSchema;
use dataflow_core::node::Shape;

use super::filter;
use super::input::by_key;
use crate::crud::selection::{MAX_LIMIT, MAX_OFFSET};

/// A page of rows or of groups: which, in which order, and what of them.
pub(super) fn of(model: &ModelSchema) -> Shape {
    let names = || Shape::array(Shape::string());
    let offset = Shape::integer().between(0, MAX_OFFSET as i64);
    let shape = Shape::object()
        .optional("filter", filter::of(model))
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
pub(super) fn page(model: &ModelSchema) -> Shape {
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

pub(super) fn fields(model: &ModelSchema) -> Shape {
    let mut about = String::from("The fields of the rows; all unless given.");
    if let Some(field) = filter::document(model) {
        about.push_str(&format!(
            " {0}->city is what a document has there, {0}->address->>city a text; each is called by \
             its last member.",
            field.name
        ));
    }
    Shape::array(Shape::string()).described(&about)
}

/// Without relations there is nothing to name.
pub(super) fn include(model: &ModelSchema) -> Shape {
    let names: Vec<&str> = model.relation_names().collect();
    Shape::free_object().described(&format!(
        "Rows beside each row, by the name of the relation ({}); each an object with fields, filter, \
         order, limit (for each row) and include of its own, or {{}}.",
        names.join(", ")
    ))
}
