use dataflow_core::schema::{EnumType, FieldType, FieldValue};
use dataflow_core::{ModelEnum, Value};

use crate::memory_row::MemoryRow;

#[derive(Debug, Clone, Copy, PartialEq, ModelEnum)]
enum Status {
    Draft,
    InReview,
    #[model(rename = "live!")]
    Published,
    r#Type,
}

const ALL: [(Status, &str); 4] = [
    (Status::Draft, "draft"),
    (Status::InReview, "in_review"),
    (Status::Published, "live!"),
    (Status::Type, "type"),
];

#[test]
fn a_variant_is_stored_by_name() {
    for (status, name) in ALL {
        assert_eq!(status.as_str(), name);
        assert_eq!(status.to_value(), Value::Text(name.to_owned()));
    }
}

#[test]
fn a_stored_name_is_read_as_its_variant() {
    for (status, name) in ALL {
        let row = MemoryRow::from_values([Value::Text(name.to_owned())]);
        assert_eq!(Status::read(&row, 0).unwrap(), status);
    }
}

#[test]
fn a_name_that_is_not_declared_is_an_error_that_does_not_repeat_it() {
    let row = MemoryRow::from_values([Value::Text("secret".to_owned())]);
    let error = Status::read(&row, 0).unwrap_err().to_string();
    assert!(error.contains("Status"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn the_type_lists_the_names_in_their_order() {
    let FieldType::Enum(EnumType {
        name,
        variants,
        type_name,
    }) = Status::TYPE
    else {
        panic!("an enum has an enum type");
    };
    assert_eq!(name, "Status");
    assert_eq!(variants, ALL.map(|(_, name)| name).as_slice());
    assert_eq!(type_name, None);
}

#[test]
fn an_enum_may_have_a_type_of_its_own() {
    #[derive(ModelEnum)]
    #[model(type = "mood of a day")]
    enum Mood {
        Sad,
        Glad,
    }
    let FieldType::Enum(EnumType { type_name, .. }) = Option::<Mood>::TYPE else {
        panic!("an enum has an enum type");
    };
    assert_eq!(type_name.as_deref(), Some("mood of a day"));
    assert_eq!(Mood::Sad.as_str().len() + Mood::Glad.as_str().len(), 7);
}
