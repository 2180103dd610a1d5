use super::*;

on_every_database! {
    keys_of_every_type_are_told_as_rows_hold_them
}

async fn keys_of_every_type_are_told_as_rows_hold_them(setup: Setup) {
    let of = |name: &str, field_type| {
        let id = Field::new("id", field_type);
        ModelSchema::new(
            name.to_owned(),
            vec![id],
            Key::new("id", KeyGenerator::None),
        )
    };
    let cases = [
        ("Flag", FieldType::Bool, json!(true)),
        ("Large", FieldType::I64, json!(9_007_199_254_740_993_i64)),
        ("Word", FieldType::String, json!("a \"b\" \\ ü $1 '")),
        (
            "Moment",
            FieldType::Timestamp,
            json!("2026-11-23T10:20:30.123456Z"),
        ),
        ("Day", FieldType::Date, json!("2026-11-23")),
        ("Hour", FieldType::LocalTime, json!("09:30:00.250000")),
        ("Price", FieldType::Decimal, json!("12345678901234567890.5")),
        (
            "Thing",
            FieldType::Uuid,
            json!("0190163d-8694-739b-aea5-966c26f8ad91"),
        ),
    ];
    let builder = cases
        .iter()
        .fold(setup.builder(), |builder, (name, field_type, _)| {
            builder.schema(of(name, field_type.clone()))
        });
    let database = builder.enable_changes(true).open().unwrap();
    let mut told = Told::of(database.changes().from_oldest());
    for (name, _, key) in &cases {
        let node = format!("{}_create", name.to_lowercase());
        let row = call(&database, &node, json!({"id": key})).await.unwrap();
        let change = told.next().await.unwrap();
        assert_eq!((&change.key["id"], &row["id"]), (key, key), "{name}");
    }
}

/// A uuid that the library makes.
#[tokio::test]
async fn a_key_that_is_made_is_told_too() {
    let setup = Setup::sqlite_memory();
    let database = followed(&setup).open().unwrap();
    let authors = database.repository::<Author>().unwrap();
    let ann = authors
        .create(&Author::new("ann@example.org"))
        .await
        .unwrap();
    let mut told = Told::of(database.changes().of_model("Author").from_oldest());
    let change = told.next().await.unwrap();
    assert_eq!(change.key["id"], ann.id.to_string());
}
