//! Which way a field goes through doors.

use dataflow_core::Model;

#[derive(Model)]
struct User {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model)]
struct Neither {
    #[model(primary_key, write_only)]
    id: i64,
    #[model(read_only, write_only)]
    no_way: Option<String>,
    #[model(belongs_to = User, write_only)]
    user_id: i64,
    #[model(generated = "id + 1", write_only)]
    made: i64,
    #[model(sensitive = true)]
    form: String,
}

fn main() {}
