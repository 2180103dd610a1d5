//! The field that counts the changes of a row.

use dataflow_core::Model;

#[derive(Model)]
struct Keyed {
    #[model(primary_key, version)]
    id: i64,
}

#[derive(Model)]
struct Twice {
    #[model(primary_key)]
    id: i64,
    #[model(version)]
    first: i64,
    #[model(version)]
    second: i64,
}

#[derive(Model)]
struct Given {
    #[model(primary_key)]
    id: i64,
    #[model(version, default = 3)]
    version: i64,
}

#[derive(Model)]
struct Optional {
    #[model(primary_key)]
    id: i64,
    #[model(version)]
    version: Option<i64>,
}

#[derive(Model)]
struct Text {
    #[model(primary_key)]
    id: i64,
    #[model(version)]
    version: String,
}

fn main() {}
