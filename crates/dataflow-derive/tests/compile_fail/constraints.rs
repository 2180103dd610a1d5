//! Checks, defaults in SQL, generated fields, and what happens to a foreign key.

use dataflow_core::Model;
use dataflow_core::value::Timestamp;

#[derive(Model)]
#[model(check(), check("a > 0", "b > 0"), check("", name = ""), check("a > 0", nmae = "a"))]
struct Checks {
    #[model(primary_key, default_sql = "1", check(price > 0))]
    id: i64,
    a: i32,
}

#[derive(Model)]
struct Computed {
    #[model(primary_key, generated = "1")]
    id: i64,
    #[model(default = 1, default_sql = "1")]
    twice: i32,
    #[model(generated = "twice * 2", default_sql = "1")]
    both: i32,
    #[model(virtual)]
    never: i32,
    #[model(created_at, default_sql = "now()")]
    made: Timestamp,
    #[model(generated = " ")]
    empty: i32,
}

#[derive(Model)]
struct Pointing {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = Checks, on_delete = "cascde", on_update = "drop")]
    parent: i64,
    #[model(on_delete = "cascade", deferred)]
    nothing: i64,
}

fn main() {}
