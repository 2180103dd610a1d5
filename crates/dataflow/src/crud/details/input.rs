//! What each operation takes.

use dataflow_core::ModelSchema;
use dataflow_core::node::{ModelVerb, Shape};
use dataflow_core::schema::Field;

use super::{filter, selection};
use crate::crud::rows::{ADD, has_word, is_added_to};

pub(super) fn of(model: &ModelSchema, verb: ModelVerb) -> Shape {
    match verb {
        ModelVerb::Create => new_row(model),
        ModelVerb::Read if model.relation_names().next().is_none() => by_key(model),
        ModelVerb::Read => by_key(model)
            .optional("fields", selection::fields(model))
            .optional("include", selection::include(model)),
        ModelVerb::Delete => with_version(model, by_key(model)),
        ModelVerb::Restore => by_key(model),
        ModelVerb::Audit => selection::page(model),
        ModelVerb::Update => change(model),
        ModelVerb::List => selection::of(model),
        ModelVerb::Count => Shape::object().optional("filter", filter::of(model)),
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

/// The fields of the key, by name.
pub(super) fn by_key(model: &ModelSchema) -> Shape {
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
        .optional("filter", filter::of(model))
        .optional("all", Shape::boolean().described(all))
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
