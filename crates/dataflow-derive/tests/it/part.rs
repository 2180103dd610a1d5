use dataflow_core::query::{By, Columns};
use dataflow_core::row::RowColumn;
use dataflow_core::schema::FieldType;
use dataflow_core::{FromRow, Model, Value};

use crate::memory_row::MemoryRow;

#[derive(Model)]
struct User {
    #[model(primary_key)]
    id: i64,
    #[model(column = "e_mail")]
    email: String,
    r#type: Option<String>,
}

#[derive(Debug, PartialEq, FromRow)]
#[model(of = User)]
struct Contact {
    #[model(field = email)]
    address: String,
    id: i64,
    r#type: Option<String>,
}

#[derive(Debug, PartialEq, FromRow)]
struct Total {
    r#type: String,
    #[model(column = "sum")]
    pieces: Option<i64>,
}

#[test]
fn a_part_of_a_model_reads_its_columns_in_the_order_of_the_struct() {
    assert_eq!(
        Contact::COLUMNS.columns(),
        Some([1, 0, 2].map(By::Field).into())
    );
    let row = [Value::Text("a@b.c".into()), Value::Integer(7), Value::Null];
    let read = Contact::from_row(&MemoryRow::from_values(row)).unwrap();
    let wanted = Contact {
        address: "a@b.c".to_owned(),
        id: 7,
        r#type: None,
    };
    assert_eq!(read, wanted);
}

#[test]
fn columns_are_called_as_the_database_calls_them() {
    let named = |columns: Vec<RowColumn>| -> Vec<String> {
        let names = columns.into_iter().filter_map(|column| column.name);
        names.map(String::from).collect()
    };
    assert_eq!(named(Contact::columns()), ["e_mail", "id", "type"]);
    assert_eq!(named(User::columns()), ["id", "e_mail", "type"]);
    assert_eq!(named(Total::columns()), ["type", "sum"]);
    assert_eq!(Total::columns()[1].field_type, FieldType::I64);
    assert_eq!(<(i64, String)>::columns()[1].name, None);
}
