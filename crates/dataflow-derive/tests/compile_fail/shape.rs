//! Items that are no struct with named fields.

use dataflow_core::{Model, ModelEnum};

#[derive(Model)]
struct Tuple(i64, String);

#[derive(Model)]
struct Unit;

#[derive(Model)]
enum Enum {
    One,
}

#[derive(Model)]
union Union {
    id: i64,
}

#[derive(Model)]
struct Generic<T> {
    #[model(primary_key)]
    id: T,
}

#[derive(Model)]
struct Borrowed<'a> {
    #[model(primary_key)]
    id: &'a str,
}

#[derive(ModelEnum)]
struct Struct {
    id: i64,
}

fn main() {}
