//! DataFlow: models and their tables, typed repositories, and nodes for every door.
//!
//! Derive a model, open a database, and its table is there:
//!
//! ```
//! use dataflow::{DataFlow, Model};
//!
//! /// A reader of the paper.
//! #[derive(Debug, Clone, PartialEq, Model)]
//! struct Reader {
//!     #[model(primary_key)]
//!     id: i64,
//!     #[model(unique)]
//!     email: String,
//!     #[model(default = 0)]
//!     visits: i32,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> dataflow::Result<()> {
//! let db = DataFlow::builder("sqlite::memory:") // or postgres://user:password@host/database
//!     .model::<Reader>()
//!     .open()?;
//! let readers = db.repository::<Reader>()?;
//!
//! let ann = Reader { id: 0, email: "ann@example.org".to_owned(), visits: 1 };
//! let ann = readers.create(&ann).await?;
//! assert_eq!(readers.read(&ann.id).await?, ann);
//! # Ok(())
//! # }
//! ```
//!
//! The same operations are nodes over JSON, `reader_create` and ten more: see
//! [`DataFlow::node`]. Servers mount a [`DataFlow`] through
//! [`Source`](dataflow_core::node::Source).

extern crate self as dataflow;

mod access;
mod attempts;
mod audit;
mod builder;
mod cache;
mod changes;
mod collect;
mod credentials;
mod crud;
mod database;
mod hooks;
mod key;
pub mod metrics;
mod pool;
mod repository;
mod settings;
mod sql;
mod statements;
mod table;
mod task;
mod tenant;
pub mod testing;
mod trace;
mod transaction;

pub use audit::{AuditEntry, AuditVerb, FieldChange};
pub use builder::DataFlowBuilder;
pub use changes::Changes;
pub use credentials::Credentials;
pub use dataflow_core::ddl::DriftCheck;
pub use dataflow_core::feed::{Position, RowChange, RowVerb};
pub use dataflow_core::plan::Policy;
pub use dataflow_core::query::{Filter, IfLocked, Predicate};
pub use dataflow_core::schema::Json;
pub use dataflow_core::value::Timestamp;
pub use dataflow_core::{
    Error, FieldValue, FromRow, Model, ModelEnum, ModelSchema, Result, SchemaSet, Value, error,
    node, query, schema,
};
pub use hooks::{Draft, Hooks, Occasion};
pub use pool::{Isolation, TransactionOptions};
pub use repository::{ForUpdate, Groups, Loading, Page, Query, Related, Repository, Upserted};
pub use settings::AutoMigrate;
pub use sql::Sql;
pub use transaction::Transaction;

#[doc(hidden)]
pub use dataflow_core::__private;
#[doc(inline)]
pub use dataflow_core::__private::test;

pub use database::DataFlow;
