//! `#[derive(Model)]`, `#[derive(ModelEnum)]`, `#[derive(FromRow)]` and `#[dataflow::test]`.
//!
//! A model is a struct with named fields, of which one is the primary key:
//!
//! ```
//! use dataflow_core::{Model, ModelEnum};
//!
//! #[derive(Model)]
//! struct User {
//!     #[model(primary_key)]
//!     id: i64,
//!     #[model(unique)]
//!     email: String,
//! }
//!
//! /// What somebody wrote.
//! #[derive(Model)]
//! #[model(table = "articles", index(author_id, state))]
//! struct Article {
//!     #[model(primary_key, generate = "uuid_v7")]
//!     id: String,
//!     #[model(belongs_to = User)]
//!     author_id: i64,
//!     title: String,
//!     #[model(default = "draft")]
//!     state: State,
//! }
//!
//! #[derive(ModelEnum)]
//! enum State {
//!     Draft,
//!     InReview,
//!     #[model(rename = "live")]
//!     Published,
//! }
//!
//! assert_eq!(User::schema().table, "users");
//! assert_eq!(Article::schema().relations[0].table, "users");
//! assert_eq!(State::InReview.as_str(), "in_review");
//! ```
//!
//! # `#[model(…)]` on a model
//!
#![doc = include_str!("../attributes.md")]
//!
//! # `#[model(…)]` on an enum
//!
//! | attribute | what it declares |
//! |---|---|
//! | `rename = "live"` | on a variant: what is stored; without it, the variant's name in snake case |
//! | `type = "mood"` | on the enum: a type of this name on PostgreSQL, whose order is that of the variants, and a condition on SQLite; without it, a column of text |
//! | `crate = "path"` | on the enum, as on a struct |
//!
//! # `#[model(…)]` on a struct that derives `FromRow`
//!
#![doc = include_str!("../row_attributes.md")]
//!
//! # What comes out
//!
//! Data and a thin impl: a `static` schema, and rows read and written by ordinal. Nothing has to be
//! imported for it. Every mistake is reported at its token, all of them at once. Types are judged by
//! the compiler, through the messages of the traits `FieldValue` and `Model`.

mod check;
mod errors;
mod expand;
mod krate;
#[expect(
    unreachable_pub,
    reason = "the file is dataflow-core's, where the functions are public"
)]
mod name;
mod parse;
mod parsed;
mod test;
mod words;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct with named fields a model: it has a table, and its values are the rows.
///
#[doc = include_str!("../attributes.md")]
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::model(&input).into()
}

/// Makes an enum a type that a field of a model can have. It is stored as the name of its variant,
/// which `as_str` gives.
///
/// That is the variant's name in snake case, or what `#[model(rename = "…")]` says. With
/// `#[model(type = "…")]` on the enum, its columns have a type of that name on PostgreSQL.
#[proc_macro_derive(ModelEnum, attributes(model))]
pub fn derive_model_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::enumeration(&input).into()
}

/// Makes a struct with named fields one that rows are read as: those of a statement in one's own
/// words, by the names of its columns, and with `#[model(of = User)]` also those of a query of that
/// model, through `select`.
///
#[doc = include_str!("../row_attributes.md")]
///
/// ```
/// use dataflow_core::{FromRow, Model};
///
/// #[derive(Model)]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     email: String,
///     age: Option<i32>,
/// }
///
/// /// `users.query().select(Contact::COLUMNS)`, or any statement with a column `email`.
/// #[derive(FromRow)]
/// #[model(of = User)]
/// struct Contact {
///     email: String,
/// }
///
/// /// `db.sql("SELECT city, sum(age) AS years FROM …").fetch::<Years>()`.
/// #[derive(FromRow)]
/// struct Years {
///     city: String,
///     years: Option<i64>,
/// }
/// # let _ = (Contact::COLUMNS, Years::columns());
/// ```
///
/// A field of another type than the model's does not compile, nor does one that the model lacks.
///
/// ```compile_fail
/// # use dataflow_core::{FromRow, Model};
/// # #[derive(Model)]
/// # struct User {
/// #     #[model(primary_key)]
/// #     id: i64,
/// #     email: String,
/// # }
/// #[derive(FromRow)]
/// #[model(of = User)]
/// struct Contact {
///     email: i64,
/// }
/// ```
#[proc_macro_derive(FromRow, attributes(model))]
pub fn derive_from_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::row(&input).into()
}

/// Makes an `async fn` a test with an empty database of its own, which is gone afterwards.
///
/// On SQLite that is a file in a folder of its own or a database in memory; on PostgreSQL a schema
/// of its own, in the database that `TEST_DATABASE_URL` names. Such tests run side by side.
///
/// The function takes a `DataFlow` with the tables of the models that are listed, or a
/// `DataFlowBuilder` to be set up and opened. The environment of the process does not reach it.
///
/// | argument | what it says |
/// |---|---|
/// | `models(User, Post)` | the models that are registered |
/// | `on(sqlite, memory, postgres)` | one test for each of these, as `name::sqlite` and so on; `postgres` fails without `TEST_DATABASE_URL` |
/// | without `on` | one test, on the kind of database that `TEST_DATABASE_URL` names; on a SQLite file where it is not set |
/// | `crate = "path"` | where `dataflow` is, if the manifest does not say it |
///
/// A runtime of one thread runs it. `#[ignore]`, `#[should_panic]` and `#[cfg(…)]` below the
/// attribute go with the test.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    test::test(arguments.into(), item.into()).into()
}
