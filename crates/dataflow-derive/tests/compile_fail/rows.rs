//! A struct that rows are read as has the columns that it names, in their types.

use dataflow_core::query::Columns;
use dataflow_core::{FromRow, Model};

#[derive(Model)]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
    age: Option<i32>,
}

#[derive(Model)]
struct Post {
    #[model(primary_key)]
    id: i64,
}

#[derive(FromRow)]
#[model(of = User)]
struct OfOtherTypes {
    id: String,
    age: i32,
    emial: String,
    #[model(field = mail)]
    address: String,
}

#[derive(FromRow)]
#[model(of = User, table = "users")]
struct Misnamed {
    #[model(column = "e_mail")]
    email: String,
}

#[derive(FromRow)]
struct OfNoModel {
    #[model(field = email)]
    address: String,
    #[model(column = "total")]
    sum: i64,
    total: i64,
    #[model(column = "")]
    nothing: i64,
}

#[derive(FromRow)]
struct OfNoFieldValue {
    words: std::collections::HashMap<String, String>,
}

#[derive(FromRow)]
struct Empty {}

#[derive(FromRow)]
struct Tuple(i64);

#[derive(FromRow)]
struct Generic<T> {
    value: T,
}

#[derive(FromRow)]
#[model(of = User)]
struct Contact {
    email: String,
}

fn selects<M: Model>(_: impl Columns<M>) {}

fn main() {
    selects::<User>(Contact::COLUMNS);
    selects::<Post>(Contact::COLUMNS);
}
