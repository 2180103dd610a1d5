//! The typed operations of one model.
//!
//! ```
//! # use dataflow::{DataFlow, Model};
//! # #[derive(Debug, Clone, PartialEq, Model)]
//! # struct City {
//! #     #[model(primary_key)]
//! #     id: i64,
//! #     name: String,
//! #     country: String,
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> dataflow::Result<()> {
//! # let db = DataFlow::builder("sqlite::memory:").model::<City>().open()?;
//! let cities = db.repository::<City>()?;
//! let rome = City { id: 0, name: "Rome".to_owned(), country: "it".to_owned() };
//!
//! let rome = cities.create(&rome).await?; // the database counts the key up
//! let italian = cities.list(City::COUNTRY.eq("it")).await?;
//! assert_eq!(italian.rows, [rome]);
//! # Ok(())
//! # }
//! ```

mod bulk;
mod count;
mod create;
mod delete;
mod filtered;
mod for_update;
mod groups;
mod list;
mod loading;
mod portions;
mod query;
mod read;
mod restore;
mod update;
mod upsert;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use dataflow_core::query::Change as ColumnChange;
use dataflow_core::schema::{Field, KeyValue as _};
use dataflow_core::{Model, ModelSchema, Result, Value};

pub use for_update::ForUpdate;
pub use groups::Groups;
pub use list::Page;
pub use loading::{Loading, Related};
pub(crate) use query::DEFAULT_LIMIT;
pub use query::Query;
pub use upsert::Upserted;

use crate::table::{Change, Changes, Given, Table};

/// The typed operations of one model. Made by [`DataFlow::repository`](crate::DataFlow::repository);
/// clones share one.
pub struct Repository<M> {
    table: Arc<Table>,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for Repository<M> {
    fn clone(&self) -> Self {
        Self {
            table: self.table.clone(),
            model: PhantomData,
        }
    }
}

impl<M> fmt::Debug for Repository<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Repository")
            .field("model", &self.table.model().name)
            .finish_non_exhaustive()
    }
}

impl<M: Model> Repository<M> {
    pub(crate) fn new(table: Arc<Table>) -> Self {
        Self {
            table,
            model: PhantomData,
        }
    }

    fn model(&self) -> &ModelSchema {
        self.table.model()
    }

    /// What a struct gives for a new row: all but what the library or the database makes.
    fn new_row(&self, row: &M) -> Given {
        let fields = &self.model().fields;
        given(row, |position| self.is_of_new_row(&fields[position]))
    }

    /// As [`new_row`](Self::new_row), for each of many.
    fn new_rows<'r>(&self, rows: &'r [M]) -> impl Iterator<Item = Given> + use<'r, M> {
        let fields = self.model().fields.iter();
        let is_given: Vec<bool> = fields.map(|field| self.is_of_new_row(field)).collect();
        rows.iter()
            .map(move |row| given(row, |position| is_given[position]))
    }

    fn is_of_new_row(&self, field: &Field) -> bool {
        let key = &self.model().key;
        self.is_given(field) && (!key.contains(&field.name) || key.is_accepted())
    }

    /// What a struct gives for a row that exists: all but its key, for the version that it holds.
    fn change(&self, row: &M) -> Change {
        let model = self.model();
        let is_given = |position: usize| {
            let field = &model.fields[position];
            self.is_given(field) && !model.key.contains(&field.name)
        };
        Change {
            key: key_values(row),
            changes: given(row, is_given).into(),
            version: self.version(row),
        }
    }

    /// What columns are given, each once.
    fn changes(&self, changes: impl IntoIterator<Item = ColumnChange<M>>) -> Result<Changes> {
        let parts = changes.into_iter().map(ColumnChange::into_parts);
        self.table.changes(parts)
    }

    /// The version that a struct holds, where the model has versions.
    fn version(&self, row: &M) -> Option<Value> {
        let position = self.model().version()?;
        row.values().into_iter().nth(position)
    }

    fn is_given(&self, field: &Field) -> bool {
        let is_own = field.tenant && self.table.is_of_all_tenants();
        is_own || !field.is_computed()
    }
}

/// The values of some of a struct's fields.
fn given<M: Model>(row: &M, is_given: impl Fn(usize) -> bool) -> Given {
    let values = row.values();
    let mut given = Vec::with_capacity(values.len());
    let fields = values.into_iter().enumerate();
    given.extend(fields.filter(|(position, _)| is_given(*position)));
    given
}

/// The values of a row's key.
fn key_values<M: Model>(row: &M) -> Vec<Value> {
    M::Key::values(row.key())
}
