//! Rules of the primary key.

use dataflow_core::Model;
use dataflow_core::value::Timestamp;

#[derive(Model)]
struct WithoutKey {
    name: String,
}

#[derive(Model)]
struct WithoutGeneratedKey {
    #[model(primary_key)]
    id: i64,
    #[model(generate = "serial")]
    number: i64,
    #[model(client_key)]
    other: i64,
}

#[derive(Model)]
struct WithGeneratedPart {
    #[model(primary_key)]
    tenant: i64,
    #[model(primary_key, generate = "serial", client_key)]
    id: i64,
}

#[derive(Model)]
#[model(without_rowid)]
struct WithoutCounter {
    #[model(primary_key, generate = "serial")]
    id: i64,
}

#[derive(Model)]
struct WithNineParts {
    #[model(primary_key)]
    a: i64,
    #[model(primary_key)]
    b: i64,
    #[model(primary_key)]
    c: i64,
    #[model(primary_key)]
    d: i64,
    #[model(primary_key)]
    e: i64,
    #[model(primary_key)]
    f: i64,
    #[model(primary_key)]
    g: i64,
    #[model(primary_key)]
    h: i64,
    #[model(primary_key)]
    i: i64,
}

#[derive(Model)]
struct WithUnknownGenerator {
    #[model(primary_key, generate = "uuid")]
    id: String,
}

#[derive(Model)]
struct WithUnheardGenerator {
    #[model(primary_key, generate = "snowflake")]
    id: i64,
}

#[derive(Model)]
struct WithFurtherRules {
    #[model(primary_key, default = 1, unique, index)]
    id: i64,
}

#[derive(Model)]
struct KeyedByTime {
    #[model(primary_key, created_at)]
    id: Timestamp,
}

fn main() {}
