//! What each operation gives.

use dataflow_core::node::{ModelVerb, Shape};
use dataflow_core::schema::Field;
use dataflow_core::{Model as _, ModelSchema};

use crate::audit::AuditEntry;
use crate::collect::CREATED;

pub(super) fn of(model: &ModelSchema, verb: ModelVerb) -> Shape {
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
