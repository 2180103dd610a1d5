//! What the values of a field fulfill beyond their type.

use dataflow_core::Model;

#[derive(Model)]
struct Readable {
    #[model(primary_key, min_length = 0)]
    id: String,
    #[model(pattern = "^[a-z")]
    open: String,
    #[model(pattern = "a(?=b)")]
    ahead: String,
    #[model(min = true)]
    truth: i64,
    #[model(email = "yes")]
    email: String,
    #[model(validate)]
    silent: i64,
    #[model(patern = "a")]
    misspelt: String,
}

#[derive(Model)]
struct Together {
    #[model(primary_key)]
    id: i64,
    #[model(min_length = 9, max_length = 3)]
    inverted: String,
    #[model(min = 2, max = 1.5)]
    empty: f64,
    #[model(email, url)]
    both: String,
    #[model(generated = "id + 1", min = 0)]
    made: i64,
}

#[derive(Model)]
struct Length {
    #[model(primary_key)]
    id: i64,
    #[model(min_length = 2)]
    number: i64,
}

#[derive(Model)]
struct Form {
    #[model(primary_key)]
    id: i64,
    #[model(email)]
    number: i64,
}

#[derive(Model)]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(min = 0)]
    text: String,
}

#[derive(Model)]
struct Whole {
    #[model(primary_key)]
    id: i64,
    #[model(max = 0.5)]
    number: i32,
}

#[derive(Model)]
struct Function {
    #[model(primary_key)]
    id: i64,
    #[model(validate = is_short)]
    number: i64,
}

fn is_short(_: &str) -> Result<(), String> {
    Ok(())
}

fn main() {}
