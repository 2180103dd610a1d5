//! The foundation of DataFlow and Nexus.
//!
//! Everything that two crates of this workspace must agree on lives here: what a model is, what a
//! database holds, what has to change between the two, how a value travels, and the seam between
//! data and doors. It opens no connection, starts no runtime and has no clock, so all of it can be
//! tested with values alone.
//!
//! ```text
//! model struct ─derive→ ModelSchema ─→ SchemaSet ─┐
//!                                                 ├─ plan ─→ Plan ─→ SQL ─→ SchemaReady
//!            catalogue ─inspect→ DatabaseSnapshot ┘
//!
//! row ─RowSource→ struct | RowSink → JSON bytes | Value       Node ← every door calls this
//! ```
//!
//! What tables a model needs, and the SQL that makes them, without a database in sight:
//!
#![cfg_attr(feature = "derive", doc = "```")]
#![cfg_attr(not(feature = "derive"), doc = "```ignore")]
//! use dataflow_core::dialect::Postgres;
//! use dataflow_core::plan::{Hints, plan};
//! use dataflow_core::snapshot::{DatabaseSnapshot, desired};
//! use dataflow_core::{Model, SchemaSet};
//!
//! #[derive(Model)]
//! struct User {
//!     #[model(primary_key)]
//!     id: i64,
//!     email: String,
//! }
//!
//! let schema_set = SchemaSet::new().model::<User>().validated()?;
//! let wanted = desired(&schema_set, &Postgres)?;
//! let plan = plan(&wanted, &DatabaseSnapshot::default(), &Hints::default(), &Postgres);
//!
//! let step = &plan.steps[0];
//! assert_eq!(step.change.to_string(), r#"create table "users""#);
//! assert!(step.statements[0].sql.starts_with(r#"CREATE TABLE "users""#));
//! # Ok::<(), dataflow_core::Error>(())
//! ```
//!
//! Applications do not depend on this crate: they import `dataflow` or `nexus`, which re-export
//! what is needed. A build step that only migrates may use it with `dataflow-ddl-sync`.

extern crate self as dataflow_core;

pub mod adopt;
pub mod ddl;
pub mod dialect;
pub mod duration;
pub mod endpoint;
pub mod error;
pub mod feed;
pub mod inventory;
pub mod node;
pub mod plan;
pub mod query;
pub mod row;
pub mod schema;
pub mod snapshot;
pub mod value;

#[doc(hidden)]
pub mod __private;

pub use endpoint::Endpoint;
pub use error::{Error, Result};
pub use row::FromRow;
pub use schema::{FieldValue, Model, ModelEnum, ModelSchema, SchemaSet};
pub use value::Value;

#[cfg(feature = "derive")]
pub use dataflow_derive::{FromRow, Model, ModelEnum};
