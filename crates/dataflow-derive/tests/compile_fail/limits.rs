//! How much of its type a field takes, and what is said about it.

use dataflow_core::Model;

#[derive(Model)]
struct Numbers {
    #[model(primary_key, max_length = 0)]
    id: String,
    #[model(max_length = "200")]
    quoted: String,
    #[model(max_length = 20_000_000)]
    endless: String,
    #[model(max_length)]
    silent: String,
    #[model(precision = 2000)]
    digits: rust_decimal::Decimal,
    #[model(max_lenght = 3)]
    misspelt: String,
    #[model(comment)]
    silent_too: String,
    #[model(collation = "")]
    unsorted: String,
}

#[derive(Model)]
#[model(comment = "")]
struct Pairs {
    #[model(primary_key)]
    id: i64,
    #[model(scale = 2)]
    alone: rust_decimal::Decimal,
    #[model(precision = 2, scale = 3)]
    inverted: rust_decimal::Decimal,
    #[model(max_length = 9, precision = 2)]
    both: String,
}

#[derive(Model)]
struct Types {
    #[model(primary_key)]
    id: i64,
    #[model(max_length = 200)]
    number: Option<i64>,
}

#[derive(Model)]
struct OtherTypes {
    #[model(primary_key)]
    id: i64,
    #[model(precision = 10, scale = 2)]
    float: f64,
}

#[derive(Model)]
struct Times {
    #[model(primary_key)]
    id: i64,
    #[model(precision = 6)]
    fine: chrono::DateTime<chrono::Utc>,
}

#[derive(Model)]
struct ScaledTimes {
    #[model(primary_key)]
    id: i64,
    #[model(precision = 3, scale = 0)]
    scaled: chrono::NaiveDateTime,
}

#[derive(Model)]
struct Texts {
    #[model(primary_key)]
    id: i64,
    #[model(precision = 3)]
    text: String,
}

#[derive(Model)]
struct Digits {
    #[model(primary_key)]
    id: i64,
    #[model(precision = 0)]
    none: rust_decimal::Decimal,
}

#[derive(Model)]
struct Sorted {
    #[model(primary_key)]
    id: i64,
    #[model(collation = "C")]
    number: i64,
}

fn main() {}
