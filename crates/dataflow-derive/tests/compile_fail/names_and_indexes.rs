//! Names that are empty or taken, and what an index may cover.

use dataflow_core::Model;

#[derive(Model)]
#[model(table = "")]
struct Names {
    #[model(primary_key)]
    id: i64,
    #[model(column = "")]
    empty: i32,
    email: String,
    #[model(column = "Email")]
    second: String,
    #[model(column = "later")]
    third: String,
    later: String,
}

#[derive(Model)]
#[model(renamed_from = "", drop_columns(age), drop_indexes(), drop_index("by_age"))]
struct Drops {
    #[model(primary_key)]
    id: i64,
    #[model(renamed_from = mail)]
    email: String,
}

#[derive(Model)]
#[model(
    index(nmae),
    index(name, r#name),
    index(),
    index(name.first),
    unique(age),
    unique(name, age),
    index(name, age),
    index(name, name = ""),
    index(name, name = "a", name = "b"),
    index(name, nmae = "a"),
    index(name, includes(age)),
    index(name, include(aeg)),
    index(name descending),
    index(name nulls middle),
    index(name = "only"),
    index(name, where = 5),
    unique(age desc, deferrable = "initially deferred"),
    unique(name, deferrable = "at once"),
    unique(name, nulls = "distinct"),
    unique(name, deferrable = "initially deferred", where = "age > 1"),
    index(name, name = "c", nulls = "not distinct")
)]
struct Indexes {
    #[model(primary_key)]
    id: i64,
    name: String,
    #[model(index)]
    age: i32,
}

fn main() {}
