//! A model with a mistake is still a model to the rest of the program, which adds no further errors.

use dataflow_core::{Model, ModelEnum, SchemaSet};

#[derive(Model)]
struct User {
    #[model(primary_key)]
    id: String,
    #[model(uniqe)]
    email: String,
}

#[derive(Model)]
struct Post {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = User)]
    author: String,
    status: Status,
}

#[derive(ModelEnum)]
enum Status {
    Draft,
    #[model(rename = 1)]
    Published,
}

fn main() {
    let _ = SchemaSet::new().model::<User>().model::<Post>();
    let _ = User::schema();
    let _ = Status::Draft.as_str();
}
