//! Attributes of a field that exclude each other, and defaults that no field can have.

use dataflow_core::Model;
use dataflow_core::value::Timestamp;

#[derive(Model)]
struct Contradictory {
    #[model(primary_key)]
    id: i64,
    #[model(created_at, default = "2026-11-23T00:00:00Z")]
    created: Timestamp,
    #[model(created_at, updated_at)]
    changed: Timestamp,
    #[model(unique, index)]
    email: String,
}

#[derive(Model)]
struct Defaults {
    #[model(primary_key)]
    id: i64,
    #[model(default = 'a')]
    letter: String,
    #[model(default = b"bytes")]
    bytes: Vec<u8>,
    #[model(default = 1 + 1)]
    sum: i32,
    #[model(default = -"text")]
    text: String,
    #[model(default = String::new())]
    call: String,
    #[model(default = 9223372036854775808)]
    wide: i64,
    #[model(default = 1e999)]
    infinite: f64,
}

fn main() {}
