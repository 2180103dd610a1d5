//! A wrong type or column does not compile.

use dataflow_core::Model;

#[derive(Model)]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
    age: Option<i32>,
    settings: serde_json::Value,
}

#[derive(Model)]
struct Post {
    #[model(primary_key)]
    id: i64,
    title: String,
}

fn main() {
    let _ = User::EMIAL.eq("a");
    let _ = User::EMAIL.eq(18);
    let _ = User::AGE.gte("18");
    let _ = User::AGE.like("1%");
    let _ = User::SETTINGS.gt(1);
    let _ = User::EMAIL.at("a");
    let _ = User::ID.eq(1).and(Post::ID.eq(1));
    let _ = User::EMAIL.is_in([1, 2]);
}
