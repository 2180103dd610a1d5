//! Words that are unknown, misplaced, repeated or in the wrong form.

use dataflow_core::Model;

#[derive(Model)]
#[model(tabel = "people", primary_key)]
#[model]
struct Person {
    #[model(primry_key)]
    id: i64,
    #[model(uniqe, colour)]
    email: String,
    #[model(unique, unique)]
    phone: String,
    #[model(column = "a", column = "b")]
    street: String,
    #[model(table = "towns", rename = "place")]
    town: String,
    #[model(unique = true, index(town), default, column)]
    country: String,
    #[model(default =, index unique)]
    age: i32,
    #[model(column = 3, belongs_to = "Person", generate = serial)]
    boss: i64,
    #[model("index")]
    size: i32,
}

#[derive(Model)]
#[model(table, index, crate = "not a path", unique = "a")]
struct Place {
    #[model(primary_key)]
    id: i64,
}

fn main() {}
