//! The filter of rows, in words.

use dataflow_core::ModelSchema;
use dataflow_core::node::Shape;
use dataflow_core::schema::{Field, FieldType};

/// What a filter is made of, as far as the model has use for it.
pub(super) fn of(model: &ModelSchema) -> Shape {
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

/// A field to tell of documents by, where the model has one.
pub(super) fn document(model: &ModelSchema) -> Option<&Field> {
    let mut fields = model.shown();
    fields.find(|field| field.field_type == FieldType::Json)
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
        let about = Json::from(of(&model)).to_string();
        let words: Vec<&str> = about.split([' ', ',', ';', '.']).collect();
        for operator in Filter::operators() {
            assert!(words.contains(&operator), "{operator}: {about}");
        }
        assert!(about.contains("note.address.city"), "{about}");

        let plain = ModelSchema::new("User", vec![Field::new("id", FieldType::I64)], model.key);
        let about = Json::from(of(&plain)).to_string();
        assert!(
            !about.contains("$overlaps") && !about.contains("path"),
            "{about}"
        );
    }
}
